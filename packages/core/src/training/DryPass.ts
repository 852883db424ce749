/**
 * One example through a task without a model: what would be asked, to know beforehand what a run asks. A free stand-in
 * answers every request with a short text, or with the smallest JSON of the shape that is wanted.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Backward from "../autograd/Backward.ts"
import * as Journal from "../journal/Journal.ts"
import * as Verdict from "../loss/Verdict.ts"
import * as Completion from "../model/Completion.ts"
import type { Request } from "../model/Request.ts"
import { BackwardModel, type Models, OptimizerModel, TextModel } from "../model/TextModel.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Bound from "../policy/Bound.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import { smallest } from "./smallest.ts"

/** Which model is asked. */
export type Role = "forward" | "backward" | "optimizer"

/** A request as it would go out. */
export interface Asked {
  readonly role: Role
  /** Of its texts and schema. */
  readonly bytes: number
  readonly maxOutputTokens: number | undefined
}

/** What one example asks for. */
export interface Dry {
  /** Forward and metric, as for a score. */
  readonly scored: ReadonlyArray<Asked>
  /** Forward and loss, as in a step. */
  readonly judged: ReadonlyArray<Asked>
  /** The backward pass after it. */
  readonly criticised: ReadonlyArray<Asked>
  /** What went wrong on the way, in words; what was asked until then is counted. */
  readonly problems: ReadonlyArray<string>
}

const isVerdict = Schema.is(Verdict.Verdict)

// a forward pass may run tools, which have no stand-in
const longest = "5 seconds"

const standIn = (role: Role, asked: Array<Asked>) => ({
  complete: (request: Request) =>
    Effect.sync(() => {
      asked.push({ role, bytes: Bound.inputTokens(request), maxOutputTokens: Bound.outputTokens(request) })
      return Completion.make(request.output === undefined ? "x" : JSON.stringify(smallest(request.output.jsonSchema)))
    })
})

type WithoutModels<R> = Exclude<R, Models>

/** The dry pass over a task's first training example. */
export const run = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>
): Effect.fn.Return<Dry, never, WithoutModels<R | RB>> {
  const example = task.train[0]
  const problems: Array<string> = []
  const tried = Effect.fnUntraced(function* <A, E2, R2>(
    what: string,
    effect: Effect.Effect<A, E2, R2>
  ): Effect.fn.Return<
    { readonly asked: ReadonlyArray<Asked>; readonly value: A | undefined },
    never,
    WithoutModels<R2>
  > {
    const asked: Array<Asked> = []
    const exit = yield* effect.pipe(
      Effect.timeout(longest),
      Effect.provide(
        Context.make(TextModel, standIn("forward", asked)).pipe(
          Context.add(BackwardModel, standIn("backward", asked)),
          Context.add(OptimizerModel, standIn("optimizer", asked)),
          Context.add(Journal.Journal, Journal.none)
        )
      ),
      Effect.exit
    )
    if (Exit.isSuccess(exit)) return { asked, value: exit.value }
    const error = Cause.squash(exit.cause)
    problems.push(`${what}: ${Example.messageOf(error)}`)
    return { asked, value: undefined }
  })
  if (example === undefined) {
    return { scored: [], judged: [], criticised: [], problems: ["there is no training example"] }
  }
  const forward = task.forward(task.parameters, example)
  const scored = yield* tried(
    "forward and metric",
    Effect.flatMap(forward, ({ value }) => task.metric(value, example))
  )
  const judged = yield* tried(
    "forward and loss",
    Effect.flatMap(forward, (output) =>
      Effect.tap(task.loss(output, example), ({ value }) =>
        // a loss without a score is scored by the metric; what that fails of was told above
        isVerdict(value) ? Effect.void : Effect.exit(task.metric(output.value, example))
      )
    )
  )
  const criticised =
    judged.value === undefined
      ? { asked: [], value: undefined }
      : yield* tried("the backward pass", Backward.run(judged.value))
  return { scored: scored.asked, judged: judged.asked, criticised: criticised.asked, problems }
})
