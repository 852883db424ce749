/** Asks the critic why one of two versions that were tried is the better one. */
import * as Context from "effect/Context"
import type { Criticism } from "../graph/Feedback.ts"
import { feedbackList } from "./Critique.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  readonly role: string
  /** The version that is kept. */
  readonly kept: string
  /** 0 to 1, where it was evaluated. */
  readonly keptScore?: number | undefined
  /** What was said of it, last. */
  readonly feedback: ReadonlyArray<Criticism>
  /** The version that was tried and not kept. */
  readonly tried: string
  readonly triedScore?: number | undefined
  /** Why it was not kept, in words. */
  readonly reason: string
}

const system = `You are the critic in a system that improves texts step by step. Two versions of one text were tried: the first is kept, the second was not better.
Look for the differences between them. Say in one to three sentences which difference made the second no better, and what in it, if anything, was right and should be tried in another way.
Speak of the text and its rules. Do not write a new version.`

const scored = (score: number | undefined): string => (score === undefined ? "" : `, score ${score.toFixed(2)} of 1`)

const user = (slots: Slots): string =>
  [
    `# A text, used as ${Fence.quote(slots.role)}`,
    `The version that is kept${scored(slots.keptScore)}:`,
    Fence.wrap("kept", slots.kept),
    `The version that was tried${scored(slots.triedScore)}, and not kept: ${Fence.quote(slots.reason)}`,
    Fence.wrap("tried", slots.tried),
    "",
    ...(slots.feedback.length === 0
      ? []
      : ["# What was said of the version that is kept", feedbackList(slots.feedback), ""]),
    "Why is the second version no better?"
  ].join("\n")

/** The prompt that compares two versions. Provide a function of your own to replace it. */
export const ContrastPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Contrast",
  { defaultValue: () => (slots: Slots) => ({ system, user: user(slots) }) }
)
