/**
 * What was won by choosing the best of many, told from examples that decided nothing: the gain there, and how much of the
 * gain where it was chosen is not there again. (The winner's curse: of candidates that are equally good, the luckiest on
 * the validation set is chosen.)
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { adjusted, z } from "./adjusted.ts"
import type { Report } from "./Evaluation.ts"
import * as Paired from "./Paired.ts"

/** Scores on the same examples, of what a run began with and of what it chose; `null` where one is not known. */
export interface Scores {
  readonly before: ReadonlyArray<number | null>
  readonly after: ReadonlyArray<number | null>
}

/** How much higher the gain was where the candidate was chosen, with its 95 % interval. Above 0 all of it: it was lucky. */
export const Luck = Schema.Struct({ luck: Schema.Finite, low: Schema.Finite, high: Schema.Finite })
export type Luck = typeof Luck.Type

/** What a run came to. */
export interface HeldOut {
  /** On the held-out examples; `undefined` where none ran for both. */
  readonly gain: Paired.Comparison | undefined
  /**
   * `undefined` where there is nothing to compare with, and where what was chosen is perfect on both sets: then the gains
   * differ by where they began, and by no luck.
   */
  readonly luck: Luck | undefined
}

/** The scores of a report as they are compared: what failed counts as wrong, what got no answer is not known. */
export const scores = ({ results, unanswered }: Report): ReadonlyArray<number | null> =>
  results.map((result, place) => (result._tag === "Scored" ? result.score : unanswered.includes(place) ? null : 0))

/**
 * Compares a run's first and chosen parameters on held-out examples and, where given, on those that decided. For `test`,
 * evaluate both under the same conditions (`repeat`); for `validation`, take the scores that decided, out of the run's
 * events: a new evaluation would be as fair as the test.
 *
 * **Example**
 *
 * ```ts
 * import { Evaluation, Event, HeldOut, Parameters, Trainer } from "@backprose/core"
 * import { StudentModel } from "@backprose/testing"
 * import { Effect, Stream } from "effect"
 *
 * const task = StudentModel.task()
 * const report = Effect.gen(function* () {
 *   const before = yield* Evaluation.run(task, task.parameters, task.test)
 *   const events = yield* Stream.runCollect(Trainer.fit(task))
 *   const { candidate, parameters } = events.findLast((event) => event._tag === "RunFinished")!
 *   const after = yield* Evaluation.run(task, yield* Parameters.load(task.parameters, parameters), task.test)
 *   return yield* HeldOut.of({
 *     test: { before: HeldOut.scores(before), after: HeldOut.scores(after) },
 *     validation: { before: Event.validated(events, 0), after: Event.validated(events, candidate) }
 *   })
 * })
 * ```
 */
export const of = ({
  test,
  validation
}: {
  readonly test: Scores
  readonly validation?: Scores | undefined
}): Effect.Effect<HeldOut> =>
  Effect.map(Paired.compare(test.before, test.after), (gain) => ({
    gain,
    luck: validation === undefined ? undefined : luck(pairs(validation), pairs(test))
  }))

type Pairs = ReadonlyArray<readonly [before: number, after: number]>

const pairs = ({ before, after }: Scores): Pairs =>
  before.flatMap((score, i) => {
    const other = after[i] ?? null
    return score === null || other === null ? [] : [[score, other] as const]
  })

const luck = (validation: Pairs, test: Pairs): Luck | undefined => {
  if (validation.length === 0 || test.length === 0) return undefined
  if ([...validation, ...test].every(([, after]) => after === 1)) return undefined
  const [chosen, heldOut] = [validation, test].map((all) => {
    const differences = all.map(([before, after]) => after - before)
    return { gain: differences.reduce((sum, one) => sum + one, 0) / differences.length, ...adjusted(differences) }
  }) as [Gained, Gained]
  const luck = chosen.gain - heldOut.gain
  const [middle, wide] = [chosen.mean - heldOut.mean, z * Math.sqrt(chosen.variance + heldOut.variance)]
  return { luck, low: Math.min(luck, middle - wide), high: Math.max(luck, middle + wide) }
}

interface Gained extends ReturnType<typeof adjusted> {
  readonly gain: number
}
