import type { Event } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform } from "../../fixture/backprose.ts"
import * as EventFile from "./EventFile.ts"

const usage = { calls: 1, inputTokens: 2, cachedInputTokens: 0, outputTokens: 3 }
const base = { run: "r", at: 5, usage }
const skipped = (step: number, reason = "nothing"): Event.Event => ({ _tag: "StepSkipped", ...base, step, reason })
const checkpoint = (step: number, best: string): Event.Event => ({
  _tag: "Checkpointed",
  ...base,
  step,
  candidate: 0,
  parameters: { p: best }
})
const later = (event: Event.Event): Event.Event => ({ ...event, at: 99, usage: { ...usage, calls: 50 } })

/** One session over the file: what became of each event, and what the file holds then. */
const session = Effect.fnUntraced(function* (path: string, events: ReadonlyArray<Event.Event>, openStep = 99) {
  const file = yield* EventFile.open(path, openStep)
  const kept = yield* Effect.forEach(events, file.append)
  const text = yield* (yield* FileSystem.FileSystem).readFileString(path)
  return { kept, text, caughtUp: yield* file.caughtUp }
}, Effect.scoped)

const test = (name: string, body: (path: string) => Effect.Effect<void, unknown, FileSystem.FileSystem>) =>
  it.live(name, () =>
    Effect.flatMap(folder, (dir) => body(`${dir}/events.jsonl`)).pipe(Effect.scoped, Effect.provide(platform))
  )

describe("the events of a run that is resumed", () => {
  test("stay as they were told first, and are not written twice", (path) =>
    Effect.gen(function* () {
      const all = [skipped(1), checkpoint(1, "a"), skipped(2)]
      const first = yield* session(path, all.slice(0, 2))
      const second = yield* session(path, all.map(later))
      assert.deepStrictEqual(
        second.kept.map(({ isNew }) => isNew),
        [false, false, true]
      )
      assert.deepStrictEqual(second.kept[0]?.event, all[0])
      assert.strictEqual(second.text, `${first.text}${EventFile.line(later(skipped(2)))}\n`)
    }))

  test("are told to their end before the run has caught up", (path) =>
    Effect.gen(function* () {
      yield* session(path, [skipped(1), skipped(2)])
      assert.isFalse((yield* session(path, [skipped(1)])).caughtUp)
      assert.isTrue((yield* session(path, [skipped(1), skipped(2)])).caughtUp)
    }))

  test("lose a last line that was torn, and all from one on that is no event", (path) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const whole = `${EventFile.line(skipped(1))}\n`
      for (const damage of ['{"_tag":"StepSk', "\u0000\u0000\n", `{"_tag":"Other"}\n${EventFile.line(skipped(2))}\n`]) {
        yield* fs.writeFileString(path, whole + damage)
        const { text } = yield* session(path, [skipped(1), checkpoint(2, "ü")])
        assert.strictEqual(text, `${whole}${EventFile.line(checkpoint(2, "ü"))}\n`)
      }
    }))

  test("are refused where another one stands, which is named; the file stays", (path) =>
    Effect.gen(function* () {
      const { text } = yield* session(path, [skipped(1), checkpoint(1, "a")])
      for (const other of [checkpoint(1, "b"), skipped(1)]) {
        const error = yield* Effect.flip(session(path, [skipped(1), other]))
        assert.strictEqual(error._tag === "JournalMismatch" && error.place, "events.jsonl:2")
        assert.include(error.message, "Checkpointed of step 1")
      }
      assert.strictEqual(yield* (yield* FileSystem.FileSystem).readFileString(path), text)
    }))

  test("are the same where only the failure that is named is another one", (path) =>
    Effect.gen(function* () {
      yield* session(path, [skipped(1, "one failed")])
      assert.isFalse((yield* session(path, [skipped(1, "the other failed")])).kept[0]?.isNew)
    }))

  test("of a step that was not complete give way to what comes now, those before it do not", (path) =>
    Effect.gen(function* () {
      yield* session(path, [skipped(1), checkpoint(1, "a"), skipped(2), skipped(3)])
      const { text } = yield* session(path, [skipped(1), checkpoint(1, "a"), checkpoint(2, "other")], 2)
      assert.strictEqual(
        text,
        [skipped(1), checkpoint(1, "a"), checkpoint(2, "other")].map((event) => `${EventFile.line(event)}\n`).join("")
      )
      const error = yield* Effect.flip(session(path, [checkpoint(1, "other")], 2))
      assert.strictEqual(error._tag, "JournalMismatch")
    }))
})
