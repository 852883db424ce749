/**
 * The methods of a study compared on its examples: all on the same ones, right kept apart from failed, each figure with
 * its interval and with the model calls that it took.
 */
import { Evaluation, Place } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Attempt from "./Attempt.ts"
import type { Study } from "./Study.ts"
import * as StudyReport from "./StudyReport.ts"

/** How a comparison is run. */
export interface Options<E, R> {
  /** Attempts (a method on an example) that run at once. Default 16; how many model calls that makes is the model layer's own limit. */
  readonly concurrency?: number
  /** Told of each attempt as it comes: all methods on the first example, in the order of the study, then on the second. */
  readonly onAttempt?: (attempt: Attempt.Attempt) => Effect.Effect<void, E, R>
}

/**
 * Runs all methods on all examples. An attempt that fails is kept apart and counted; the comparison itself fails where
 * every attempt would fail (no key, no budget), or where all of them did. Over a journal, what was asked before is not
 * asked again.
 *
 * **Example**
 *
 * ```ts
 * import { Comparison, type Study } from "@backprose/tasks"
 * import { Effect } from "effect"
 *
 * const lines = <Row, E, R>(study: Study<Row, E, R>) =>
 *   Effect.gen(function* () {
 *     const { readings } = yield* Comparison.run(study, { concurrency: 4 })
 *     return readings.map(({ calls, method, reading, score: { high, low, mean } }) =>
 *       [method, reading, mean, `${low} to ${high}`, `${calls} calls`].join("  ")
 *     )
 *   })
 * ```
 */
export const run = <Example, E, R, E2 = never, R2 = never>(
  study: Study<Example, E, R>,
  options: Options<E2, R2> = {}
): Effect.Effect<StudyReport.StudyReport, E | E2 | Evaluation.EmptyDataset, R | R2> =>
  Effect.gen(function* () {
    const { concurrency = 16, onAttempt = () => Effect.void } = options
    // method by method on each example: a comparison that is broken off has compared what it has
    const pairs = study.examples.flatMap((_, index) => study.methods.map((method) => ({ method, index })))
    if (pairs.length === 0) {
      const message = `study "${study.name}" has no ${study.methods.length === 0 ? "methods" : "examples"}`
      return yield* new Evaluation.EmptyDataset({ message })
    }
    const outcomes = yield* Stream.fromIterable(pairs.entries()).pipe(
      Stream.mapEffect(
        ([turn, { index, method }]) =>
          Effect.map(Attempt.make(study, method, index), (outcome) => ({ turn, ...outcome })),
        { concurrency, unordered: true }
      ),
      inTheirTurn,
      Stream.tap(({ attempt }) => onAttempt(attempt)),
      Stream.runCollect
    )
    // of attempts without any that answered, each has a failure
    if (outcomes.every(({ error }) => error !== undefined)) return yield* Effect.fail(outcomes[0]!.error as E)
    const attempts = outcomes.map(({ attempt }) => attempt)
    return yield* StudyReport.make(study.name, attempts)
  }).pipe(Place.within(study.name))

/** Each as soon as all before it have come: a slow one holds up what is told, and not what is run. */
const inTheirTurn = <A extends { readonly turn: number }, E, R>(
  stream: Stream.Stream<A, E, R>
): Stream.Stream<A, E, R> =>
  stream.pipe(
    Stream.mapAccum(
      () => ({ turn: 0, waiting: new Map<number, A>() }),
      (state, one) => {
        state.waiting.set(one.turn, one)
        const ready: Array<A> = []
        for (let next = state.waiting.get(state.turn); next !== undefined; next = state.waiting.get(state.turn)) {
          state.waiting.delete(state.turn++)
          ready.push(next)
        }
        return [state, ready]
      }
    )
  )
