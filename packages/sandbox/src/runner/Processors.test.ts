import { assert, describe, it } from "@effect/vitest"
import { Effect, Semaphore } from "effect"
import { runs } from "../../fixture/here.ts"
import { Bubblewrap, CodeRunner, Processors, QuickJs, Unsafe } from "../index.ts"

const jails = [
  { name: "in bubblewrap", layer: Bubblewrap.layer(), there: runs("javascript") },
  { name: "in QuickJS", layer: QuickJs.layer(), there: true },
  { name: "without a jail", layer: Unsafe.layer, there: true }
]

/** Says when it begins and when it ends. */
const source = "const begin = Date.now()\nwhile (Date.now() < begin + 100) {}\nconsole.log(`${begin} ${Date.now()}`)"

for (const { layer, name, there } of jails) {
  describe.skipIf(!there)(`programs that come at once, ${name}`, () => {
    it.live("run one after the other where there is one processor", () =>
      Effect.gen(function* () {
        const { run } = yield* CodeRunner
        const outcomes = yield* Effect.forEach([1, 2, 3, 4], () => run({ language: "javascript", source }), {
          concurrency: 4
        })
        const times = outcomes.map(({ stdout }) => stdout.trim().split(" ").map(Number))
        times.sort(([a], [b]) => a! - b!)
        times.slice(1).forEach(([begin], i) => {
          assert.isAtLeast(begin!, times[i]![1]!)
        })
      }).pipe(Effect.provide(layer), Effect.provideService(Processors, Semaphore.makeUnsafe(1)))
    )
  })
}
