/**
 * Parameters measured on a set of examples: one result an example, wrong kept apart from failed, and how sure the mean is.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ScoreInvalid } from "../loss/Verdict.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import type * as Batch from "./Batch.ts"
import * as Interval from "./Interval.ts"
import * as Racing from "./Racing.ts"
import * as Repeated from "./Repeated.ts"

export type { OnFailure } from "./Batch.ts"

/** A mean score with its 95 % interval. `errors`: examples that failed and are not in the mean. */
export const Summary = Schema.Struct({
  mean: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
  n: Schema.Int,
  errors: Schema.Int
})
export type Summary = typeof Summary.Type

/** What an evaluation found: a result an example, the mean with its interval, and how many failed. */
export interface Report {
  /** In the order of the examples. */
  readonly results: ReadonlyArray<Example.Result>
  /** Of the examples that could be run. */
  readonly interval: Interval.Interval
  /** How many examples failed. */
  readonly errors: number
  /** Those that got no answer, by place: rate limits, a provider that is away. They say nothing about the parameters. */
  readonly unanswered: ReadonlyArray<number>
}

/** There is nothing to evaluate on. */
export class EmptyDataset extends Schema.TaggedError<EmptyDataset>()("EmptyDataset", { message: Schema.String }) {}

export interface Options<R> {
  /** Examples that run at once. Default 16; how many model calls that makes is the model layer's own limit. */
  readonly concurrency?: number
  /**
   * What becomes of an example that fails. Default `skip`: it is kept apart and counted. `fail`: it fails the
   * evaluation. `later`: what may pass is tried once more after the rest.
   */
  readonly onFailure?: Batch.OnFailure
  /** How often each example is tried, and at which temperature. Default: once, as the task asks. */
  readonly repeat?: Repeated.Options
  /** Told of each result as it comes, in the order of the examples. */
  readonly onResult?: (result: Example.Result) => Effect.Effect<void, never, R>
}

/**
 * Scores on a split of a task, or on other examples of its kind. Examples that fail are kept apart and counted; the
 * evaluation itself fails where every example would fail (no key, no budget), or where all of them did.
 */
export const run = <P extends Parameters.Any, Ex, Output, E, R, RB, R2 = never>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  examples: ReadonlyArray<Ex>,
  options: Options<R2> = {}
): Effect.Effect<Report, E | ScoreInvalid | EmptyDataset, R | R2> =>
  Effect.flatMap(measured(task, parameters, examples, options), ({ outcomes }) => reportOf(outcomes)).pipe(
    Effect.withSpan("Evaluation.run")
  )

/** @internal What it takes to give an evaluation up between two rounds. */
export interface Race {
  readonly rounds: number
  readonly lost: (outcomes: Racing.Outcomes<unknown, unknown>) => Effect.Effect<string | undefined>
}

/** @internal The outcomes, before anything is made of them; in a race, as far as it went. */
export const measured = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB, R2 = never>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  examples: ReadonlyArray<Ex>,
  options: Options<R2>,
  race: Race = { rounds: 1, lost: () => Effect.succeed(undefined) }
): Effect.fn.Return<Racing.Raced<RB, E | ScoreInvalid>, E | ScoreInvalid | EmptyDataset, R | R2> {
  if (examples.length === 0) return yield* new EmptyDataset({ message: `task "${task.name}" has no examples for this` })
  return yield* Racing.run({
    ...race,
    places: examples.map((_, place) => place),
    one: (place) =>
      Repeated.outcome(
        Example.evaluate(task, parameters, examples[place]!, place),
        options.repeat ?? Repeated.defaults
      ),
    concurrency: options.concurrency ?? 16,
    onFailure: options.onFailure ?? "skip",
    onResult: (result) => options.onResult?.(result) ?? Effect.void
  })
})

/** @internal The report of an evaluation that ran to its end; where every example failed, with what the first did. */
export const reportOf = Effect.fnUntraced(function* <RB, F>(
  outcomes: Racing.Outcomes<RB, F>
): Effect.fn.Return<Report, F> {
  const ran = outcomes.flatMap((outcome) => (outcome === undefined ? [] : [outcome]))
  const results = ran.map(({ result }) => result)
  const scores = results.flatMap((result) => (result._tag === "Scored" ? [result.score] : []))
  const interval = yield* Interval.of(scores)
  // of several examples without a score, each has a failure
  if (interval === undefined) return yield* Effect.fail(ran[0]!.error as F)
  const unanswered = ran.flatMap(({ error }, place) => (Example.mayPass(error) ? [place] : []))
  return { results, interval, errors: results.length - scores.length, unanswered }
})

/** The mean of a report in one line of data. */
export const summary = ({ errors, interval: { high, low, mean, n } }: Report): Summary => ({
  mean,
  low,
  high,
  n,
  errors
})

/** The scores of a report, `null` for an example that failed. */
export const scores = (report: Report): ReadonlyArray<number | null> => report.results.map(Example.scoreOf)
