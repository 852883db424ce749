import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { runs } from "../../fixture/here.ts"
import { CodeRunner, Jail, Program } from "../index.ts"

const none = Jail.layer({ bubblewrap: { bwrap: "/nowhere/bwrap" } })
const run = (language: Program.Language, source: string) =>
  Effect.flatMap(CodeRunner, (runner) => runner.run({ language, source }))

describe("the usual jail", () => {
  it.live("without bubblewrap runs JavaScript and TypeScript in QuickJS", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* run("javascript", "console.log(typeof process)")).stdout, "undefined\n")
      assert.strictEqual((yield* run("typescript", "console.log(typeof process as string)")).stdout, "undefined\n")
    }).pipe(Effect.provide(none))
  )

  it.live("without bubblewrap refuses Python, and says what to install", () =>
    Effect.map(Effect.flip(run("python", "print(1)")), (error) => {
      assert.strictEqual(error._tag, "SandboxUnavailable")
      assert.match(error.message, /package bubblewrap/)
      assert.deepStrictEqual([...new Set(error.tried.map(({ jail }) => jail))], ["bubblewrap"])
    }).pipe(Effect.provide(none))
  )

  it.live("looks for no jail before the first program comes", () =>
    Effect.map(CodeRunner, ({ languages }) => assert.deepStrictEqual(languages, Program.Language.literals)).pipe(
      Effect.provide(none),
      Effect.timeout(50)
    )
  )

  it.live.skipIf(!runs("javascript"))("runs JavaScript in Node where bubblewrap works", () =>
    Effect.map(run("javascript", "console.log(typeof process)"), ({ stdout }) =>
      assert.strictEqual(stdout, "object\n")
    ).pipe(Effect.provide(Jail.layer()))
  )

  it.live.skipIf(!runs("python"))("finds its jails once for all who come at once", () =>
    Effect.map(
      Effect.forEach([1, 2, 3, 4], (i) => run("python", `print(${i})`), { concurrency: 4 }),
      (outs) =>
        assert.deepStrictEqual(
          outs.map(({ stdout }) => stdout),
          ["1\n", "2\n", "3\n", "4\n"]
        )
    ).pipe(Effect.provide(Jail.layer()))
  )

  it.live.skipIf(!runs("javascript"))("refuses Python where only other languages work, with the reason", () =>
    Effect.map(Effect.flip(run("python", "print(1)")), ({ message }) =>
      assert.include(message, "/usr/bin/no-python")
    ).pipe(Effect.provide(Jail.layer({ bubblewrap: { python: "/usr/bin/no-python" } })))
  )
})
