/** The baseline without criticism: several solutions, of which the public tests choose. */
import * as Effect from "effect/Effect"
import * as Calls from "../study/Calls.ts"
import * as Coder from "./Coder.ts"
import { share } from "./harness/TestRun.ts"
import type { Method } from "./Method.ts"
import * as Tests from "./Tests.ts"
import { trajectory, type Version } from "./trajectory.ts"

export interface Options {
  /** At most so many; one model call each. Default 9, what self-repair with its 4 updates takes. */
  readonly samples?: number
  /** Of all samples but the first, which is drawn like the other methods' first solution. Default 0.8. */
  readonly temperature?: number
}

/**
 * The method: samples are drawn one by one until one passes all public tests. Readings: of the first n samples the one that
 * passes most of them, the earliest of equals.
 */
export const method = ({ samples = 9, temperature = 0.8 }: Options = {}): Method => ({
  name: "best-of-n",
  about: `up to ${samples} solutions, of which the public tests choose`,
  run: (problem) =>
    Calls.counted((calls) =>
      Effect.gen(function* () {
        const best: Array<Version> = []
        let highest = -1
        for (let sample = 0; sample < samples && highest < 1; sample++) {
          const { value } = yield* Coder.write(problem, sample === 0 ? {} : { sample, temperature })
          const code = Coder.program(value, problem)
          const passed = share(yield* Tests.open(problem, code))
          best.push({ answer: passed > highest ? code : best.at(-1)!.answer, calls: yield* calls })
          highest = Math.max(highest, passed)
        }
        const names = Array.from({ length: samples }, (_, i) => (i === 0 ? "zero-shot" : `best of ${i + 1}`))
        return trajectory(names, best)
      })
    )
})
