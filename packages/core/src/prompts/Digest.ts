/** Asks for a shorter text that keeps every distinct point of a long list of feedback. */
import * as Context from "effect/Context"
import type { Criticism } from "../graph/Feedback.ts"
import { feedbackList } from "./Critique.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  readonly role: string
  readonly feedback: ReadonlyArray<Criticism>
}

const system = `You condense feedback. You are given several pieces of feedback on one text.
Write one shorter text with every distinct point: say each point once, note which points come up often,
and keep concrete facts, labels, numbers and formats word for word. Do not add advice of your own.`

/** The prompt that condenses feedback. Provide a function of your own to replace it. */
export const DigestPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Digest",
  {
    defaultValue: () => (slots: Slots) => ({
      system,
      user: `The feedback is on a text used as ${Fence.quote(slots.role)}.\n\n${feedbackList(slots.feedback)}`
    })
  }
)
