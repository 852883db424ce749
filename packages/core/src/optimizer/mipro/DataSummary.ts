/**
 * What the data of a task are like, in a model's words: written once, from the examples of the first step.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Service } from "../../model/Service.ts"
import { DataSummaryPrompt } from "../../prompts/DataSummary.ts"
import * as Prompt from "../../prompts/Prompt.ts"
import * as Reply from "../../reply/Reply.ts"
import * as Observation from "../Observation.ts"
import { OptimizerError, type ProposalRequest } from "../Optimizer.ts"
import { given } from "./shape.ts"

/** A summary, and when it was written. */
export interface DataSummary {
  readonly moment: readonly [step: number, parent: number, sample: number]
  readonly text: string
}

export interface Summaries {
  /** The first from before this step, or one of its own: of those written beside it, none is waited for. */
  readonly of: (request: ProposalRequest, parameter: string) => Effect.Effect<DataSummary, OptimizerError>
  /** Keeps it for later steps. Whoever fails after writing one has not been, and keeps nothing. */
  readonly keep: (summary: DataSummary) => Effect.Effect<void>
}

/** Summaries of one run. */
export const make = (model: Service): Effect.Effect<Summaries> =>
  Effect.map(Ref.make<ReadonlyArray<DataSummary>>([]), (all) => ({
    of: Effect.fnUntraced(function* (request, parameter) {
      const { evidence, parent, sample, step } = request
      const known = (yield* Ref.get(all)).filter(({ moment }) => moment[0] < step)
      if (known[0] !== undefined) return known[0]
      const render = yield* DataSummaryPrompt
      const examples = evidence.map((one) => ({
        inputs: given(one),
        output: Observation.isRight(one) ? one.output : undefined
      }))
      const text = yield* Reply.text(model, {
        purpose: "optimizer",
        sample,
        messages: Prompt.messages(render({ examples }))
      }).pipe(Effect.mapError((reason) => new OptimizerError({ parameter, reason })))
      return { moment: [step, parent.id, sample], text } as const
    }),
    keep: (summary) =>
      Ref.update(all, (known) =>
        [...known.filter((one) => one !== summary), summary].sort(
          ({ moment: a }, { moment: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
        )
      )
  }))
