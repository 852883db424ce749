/** Asks the editor for a better version of a text that is tried as it is: a program, a plan, a picture in code, a letter. */
import * as Context from "effect/Context"
import { feedbackList } from "./Critique.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"
import type { Earlier, Slots as ProposeSlots } from "./Propose.ts"

export interface Slots extends Pick<ProposeSlots, "role" | "value" | "feedback" | "constraints" | "earlier"> {
  /** What it should be good at. */
  readonly objective: string
}

const system = `You are the editor in a system that improves one text by trying it: a program, a plan, a picture in code, a letter, whatever it is.
You are given the text, what it should be good at, and what was found when it was tried. Write the version that does better.

- Give the whole new text in "value", as it is to be used, then say in "changed", in a few words, what is new in it.
- Keep what works. Take numbers, names and errors in the findings at their word.
- Earlier versions show what was tried before. Where the last changes did not help, change something else.
- The value stands alone: no fence around it, and not a word on how it came about.`

const earlier = ({ feedback, rejected, score, value }: Earlier): string =>
  [
    [
      "An earlier version",
      ...(score === undefined ? [] : [`score ${score.toFixed(3)} of 1`]),
      ...(rejected === undefined ? [] : ["not kept"])
    ].join(", "),
    Fence.wrap("earlier", value),
    ...(feedback.length === 0 ? [] : ["What was found:", Fence.wrap("feedback", feedback.join("\n"))])
  ].join("\n")

const user = (slots: Slots): string =>
  [
    "# What it should be good at",
    Fence.wrap("objective", slots.objective),
    "",
    `# The text: ${Fence.quote(slots.role)}`,
    Fence.wrap("value", slots.value),
    "",
    ...(slots.earlier.length === 0 ? [] : ["# Earlier versions, oldest first", ...slots.earlier.map(earlier), ""]),
    "# What was found when it was tried",
    feedbackList(slots.feedback),
    "",
    ...(slots.constraints.length === 0
      ? []
      : ["# Constraints", ...slots.constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    "Now write the new text, complete."
  ].join("\n")

const example: NonNullable<Prompt["example"]> = {
  user: user({
    objective: "Accepts every order number of our shop, and nothing else.",
    role: "pattern",
    value: "^[A-Z][A-Z][0-9]*$",
    feedback: [
      { _tag: "Criticism", text: "AB is no order number, but it was accepted.", from: "check", score: 0.5 },
      { _tag: "Criticism", text: "CD-17 is an order number, but it was refused.", from: "check", score: 0.5 }
    ],
    constraints: [],
    earlier: []
  }),
  reply: JSON.stringify({
    value: "^[A-Z][A-Z]-?[0-9]+$",
    changed: "a hyphen may stand between letters and digits; at least one digit"
  })
}

/** The prompt of the editor of `Optimize.anything`. Provide a function of your own to replace it. */
export const ArtefactPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Artefact",
  {
    defaultValue:
      () =>
      (slots: Slots): Prompt => ({ system, example, user: user(slots) })
  }
)
