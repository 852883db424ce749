/** Asks the critic how the inputs of a call or of a function should change. */
import * as Context from "effect/Context"
import type { Criticism } from "../graph/Feedback.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

/** An input of the operation under discussion. `id` marks its place in the texts below. */
export interface Input {
  readonly id: string
  readonly role: string
}

export interface Slots {
  /** What was done: titled texts in which each input already stands in its own fence, whole. */
  readonly operation: ReadonlyArray<{ readonly title: string; readonly text: string }>
  readonly outputRole: string
  readonly output: string
  /** The output is itself the last judgement of the system, to be made better. */
  readonly isObjective: boolean
  readonly feedback: ReadonlyArray<Criticism>
  /** The inputs to criticise. */
  readonly targets: ReadonlyArray<Input>
}

const system = `You are the critic in a system that improves texts step by step.
You are shown one operation: its inputs, its output, and what was said about the output.
For each input you are asked about, say how it should change so that the output becomes better.

- Criticise the input; do not write the new version of it.
- Be specific. When the feedback states a fact, a label, a format or a rule that the input lacks, repeat it word for word and say when it applies.
- The input will be used again with other data: do not tailor it to this one case beyond the facts it reveals.
- An input that needs no change, or that the feedback is not about, gets an empty text.`

/** One line a piece of feedback, each in its own fence. */
export const feedbackList = (feedback: ReadonlyArray<Criticism>): string =>
  feedback
    .map((one, i) => {
      const score = one.score === undefined ? "" : `, score ${one.score} of 1`
      const weight = one.weight === undefined ? "" : `, weight ${one.weight}`
      return `Feedback ${i + 1} (from ${Fence.quote(one.from)}${score}${weight}):\n${Fence.wrap("feedback", one.text)}`
    })
    .join("\n")

const user = (slots: Slots): string =>
  [
    "# What was done",
    ...slots.operation.map(({ title, text }) => `${title}:\n${text}`),
    `Output, used as ${Fence.quote(slots.outputRole)}:\n${Fence.wrap("output", slots.output)}`,
    "",
    "# What was said about the output",
    ...(slots.isObjective
      ? ["The output is itself the final judgement of the system. The aim is that this judgement turns out better."]
      : []),
    ...(slots.feedback.length > 0 ? [feedbackList(slots.feedback)] : []),
    "",
    "# Your task",
    ...slots.targets.map(
      ({ id, role }) => `How should input ${id}, used as ${Fence.quote(role)}, change so that the output gets better?`
    )
  ].join("\n")

export const CritiquePrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Critique",
  { defaultValue: () => (slots: Slots) => ({ system, user: user(slots) }) }
)
