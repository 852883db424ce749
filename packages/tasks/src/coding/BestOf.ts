/** The baseline without criticism: several solutions, of which the public tests choose. */
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Trajectory from "../study/Trajectory.ts"
import * as Coder from "./Coder.ts"
import * as TestRun from "./harness/TestRun.ts"
import type { Method } from "./Method.ts"
import * as Tests from "./Tests.ts"

export interface Options {
  /** At most so many; one model call each. Default 11, what self-repair with its 5 updates takes. */
  readonly samples?: number
  /** Of all samples but the first, which is drawn like the other methods' first solution. Default 0.8. */
  readonly temperature?: number
}

/**
 * The method: samples are drawn one by one until one passes all public tests. Readings: "zero-shot", "best of 2", …: of the
 * first so many samples the one that passes most public tests, the earliest of equals.
 */
export const method = ({ samples = 11, temperature = 0.8 }: Options = {}): Method => ({
  name: "best-of-n",
  about: `up to ${samples} solutions, of which the public tests choose`,
  run: (problem) =>
    Trajectory.readings(
      Array.from({ length: samples }, (_, i) => (i === 0 ? "zero-shot" : `best of ${i + 1}`)),
      Effect.fnUntraced(function* (tell) {
        let best = { code: "", passed: -1 }
        for (let sample = 0; sample < samples && best.passed < 1; sample++) {
          const code = yield* sample === 0 ? drawn(problem) : unlessUnusable(drawn(problem, { sample, temperature }))
          const passed = code === undefined ? -1 : TestRun.share(yield* Tests.open(problem, code))
          if (code !== undefined && passed > best.passed) best = { code, passed }
          yield* tell(best.code)
        }
      })
    )
})

const drawn = (problem: Problem, options: Coder.Options<never> = {}) =>
  Effect.map(Coder.write(problem, options), ({ value }) => Coder.program(value, problem))

/** A sample whose reply cannot be used is none; the next may well be one. */
const unlessUnusable = <A, E, R>(sample: Effect.Effect<A, E, R>): Effect.Effect<A | undefined, E, R> =>
  Effect.catch(sample, (error) => (Trajectory.ofOneReply(error) ? Effect.succeed(undefined) : Effect.fail(error)))
