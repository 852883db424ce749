/**
 * One example through a task: what came out, and how good it was. A failure is kept apart from a wrong answer.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Variable from "../graph/Variable.ts"
import * as Verdict from "../loss/Verdict.ts"
import { within } from "../model/Place.ts"
import { isFatal, isRetryable, isTextModelError, type TextModelError } from "../model/TextModelError.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import type { Task } from "./Task.ts"

/** An output with its score. */
export const Scored = Schema.TaggedStruct("Scored", {
  /** The place of the example in its set. */
  index: Schema.Int,
  /** As text. */
  output: Schema.String,
  score: Schema.Finite,
  feedback: Schema.String
})

/** The example could not be run: its failure, by name and in words. It has no score, and least of all 0. */
export const Failed = Schema.TaggedStruct("Failed", {
  index: Schema.Int,
  error: Schema.String,
  message: Schema.String
})

/** What became of one example: scored, or failed. */
export const Result = Schema.Union([Scored, Failed])
export type Result = typeof Result.Type

/**
 * Failures that every other example would meet too: they end a run and are no result of one example. An error of a task's
 * own says so by a field `isFatal`: a tool that is not there is not there for the next example either.
 */
export const fatal = (error: unknown): boolean =>
  isTextModelError(error)
    ? isFatal(error)
    : typeof error === "object" && error !== null && "isFatal" in error && error.isFatal === true

/** Failures that are the provider's and may pass: they say nothing about the example, nor about the parameters. */
export const mayPass = (error: unknown): error is TextModelError => isTextModelError(error) && isRetryable(error)

const isVerdict = Schema.is(Verdict.Verdict)

/** What a failure says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The score of a result, `null` where the example failed. */
export const scoreOf = (result: Result): number | null => (result._tag === "Scored" ? result.score : null)

const failed = (index: number, error: unknown): Result => ({
  _tag: "Failed",
  index,
  error: typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Error",
  message: messageOf(error)
})

/** What became of an example. Of `loss` and `error` at most one is there. */
export interface Outcome<RB, Failure> {
  readonly result: Result
  readonly loss: Variable.Variable<unknown, RB> | undefined
  readonly error: Failure | undefined
}

const scored = (index: number, output: unknown, verdict: Verdict.Verdict): Result => ({
  _tag: "Scored",
  index,
  output: Variable.render(output),
  score: verdict.score,
  feedback: verdict.feedback
})

/** What a run of an example fails with: only failures that all examples would meet. */
type Failure<E> = E | Verdict.ScoreInvalid

/** Forward, then a judgement of the output. */
const run = <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  example: Ex,
  index: number,
  judge: (
    output: Variable.Variable<Output, RB>
  ) => Effect.Effect<Pick<Outcome<RB, never>, "loss"> & { readonly verdict: Verdict.Verdict }, Failure<E>, R>
): Effect.Effect<Outcome<RB, Failure<E>>, Failure<E>, R> =>
  Effect.gen(function* (): Effect.fn.Return<Outcome<RB, Failure<E>>, Failure<E>, R> {
    const output = yield* task.forward(parameters, example)
    const { loss, verdict } = yield* judge(output)
    return { result: scored(index, output.value, verdict), loss, error: undefined }
  }).pipe(
    within(`example ${index}`),
    Effect.catch((error) =>
      fatal(error) ? Effect.fail(error) : Effect.succeed({ result: failed(index, error), loss: undefined, error })
    )
  )

/** Forward and metric. Only failures that all examples would meet fail it. */
export const evaluate = <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  example: Ex,
  index: number
): Effect.Effect<Outcome<RB, Failure<E>>, Failure<E>, R> =>
  run(task, parameters, example, index, ({ value }) =>
    Effect.map(task.metric(value, example), (verdict) => ({ loss: undefined, verdict }))
  )

/** Forward and loss, for the backward pass. The score is the loss's own where it has one, so nothing is judged twice. */
export const differentiable = <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  example: Ex,
  index: number
): Effect.Effect<Outcome<RB, Failure<E>>, Failure<E>, R> =>
  run(task, parameters, example, index, (output) =>
    Effect.flatMap(task.loss(output, example), (loss) => {
      const verdict = isVerdict(loss.value) ? Effect.succeed(loss.value) : task.metric(output.value, example)
      return Effect.map(verdict, (verdict) => ({ loss, verdict }))
    })
  )
