/**
 * Feedback that would not fit the next prompt is condensed by a tree reduction: groups that fit are summarised, the
 * summaries again, until all of it fits. Nothing is cut.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Feedback from "../graph/Feedback.ts"
import type { Purpose } from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import { together } from "../model/together.ts"
import { DigestPrompt } from "../prompts/Digest.ts"
import * as Prompt from "../prompts/Prompt.ts"
import * as Reply from "../reply/Reply.ts"

/** How much feedback one prompt may hold, in tokens (estimated at four characters each). Default 6,000. */
export const FeedbackTokens: Context.Reference<number> = Context.Reference<number>(
  "@backprose/core/Digest/FeedbackTokens",
  { defaultValue: () => 6000 }
)

const tokens = (feedback: ReadonlyArray<Feedback.Criticism>): number =>
  feedback.reduce((sum, { text }) => sum + Math.ceil(text.length / 4), 0)

const groups = (
  feedback: ReadonlyArray<Feedback.Criticism>,
  limit: number
): ReadonlyArray<ReadonlyArray<Feedback.Criticism>> => {
  const all: Array<Array<Feedback.Criticism>> = []
  for (const one of feedback) {
    const last = all.at(-1)
    if (last === undefined || tokens([...last, one]) > limit) all.push([one])
    else last.push(one)
  }
  return all
}

/** The same feedback where it fits, else the shortest tree of summaries that does. `role`: of what is criticised. */
export const digest = Effect.fnUntraced(function* (
  model: Service,
  purpose: Purpose,
  feedback: ReadonlyArray<Feedback.Criticism>,
  role: string
): Effect.fn.Return<ReadonlyArray<Feedback.Criticism>, TextModelError> {
  const limit = yield* FeedbackTokens
  if (tokens(feedback) <= limit) return feedback
  const render = yield* DigestPrompt
  const summarise = (group: ReadonlyArray<Feedback.Criticism>) =>
    Effect.map(Reply.text(model, { purpose, messages: Prompt.messages(render({ role, feedback: group })) }), (text) =>
      Feedback.make(text, {
        from: [...new Set(group.map(({ from }) => from))].join(", "),
        score: Feedback.worstScore(group)
      })
    )
  let level = feedback
  while (tokens(level) > limit) {
    const before = tokens(level)
    level = yield* together(groups(level, limit), summarise)
    // a model that does not shorten would keep us here for ever
    if (tokens(level) >= before) break
  }
  return level
})
