/** Asks the editor for a new value of one parameter. */
import * as Context from "effect/Context"
import type { Criticism } from "../graph/Feedback.ts"
import { feedbackList } from "./Critique.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

/** A version of the parameter that was tried before. */
export interface Earlier {
  readonly value: string
  /** 0 to 1, where it was evaluated. */
  readonly score?: number | undefined
  /** What was said about it. */
  readonly feedback: ReadonlyArray<string>
  /** Why it was not kept, where it was tried and not kept. */
  readonly rejected?: string | undefined
}

export interface Slots {
  readonly role: string
  readonly value: string
  /** Whether the value is a text, or a JSON value of a schema. */
  readonly isText: boolean
  readonly feedback: ReadonlyArray<Criticism>
  readonly constraints: ReadonlyArray<string>
  /** Texts the new value should be modelled on. */
  readonly examples: ReadonlyArray<string>
  /** Oldest first. */
  readonly earlier: ReadonlyArray<Earlier>
  /** Whether the earlier versions are to be read as an evolution that goes on gradually. Default: no. */
  readonly gradual?: boolean
  /** Whether the reply is to be edits of the text instead of all of it. Default: no. */
  readonly asEdits?: boolean
}

const wholeReply = `Give the whole new text in "value", then say in "changed", in a few words, what is new in it.`
const editsReply = `Give your changes as "edits". Each has in "find" a piece of the text as it stands, letter for letter and long enough to stand there only once, and in "replace" what takes its place: empty to take it out, the piece and more to add to it. What no edit names stays. Then say in "changed", in a few words, what is new.`

const system = (reply: string): string => `You are the editor in a system that improves texts step by step.
You are given one text, what it is used for, and feedback on it from several cases. Write the version that resolves the feedback.

- ${reply}
- Keep what works. Every fact, label, format or rule that the feedback states and the text lacks belongs into the text, word for word: one rule a kind of case. A rule that the text has already is not written again; where two say the same, keep one.
- Add nothing that neither the text nor the feedback says.
- The text will be used with new cases: write rules, not answers to the cases you saw.
- The value stands alone: no mention of feedback, cases, editors or earlier versions.`

const list = (title: string, items: ReadonlyArray<string>): ReadonlyArray<string> =>
  items.length === 0 ? [] : [`# ${title}`, ...items, ""]

const earlier = ({ value, score, feedback, rejected }: Earlier): string =>
  [
    [
      "An earlier version",
      ...(score === undefined ? [] : [`score ${score.toFixed(2)} of 1`]),
      ...(rejected === undefined ? [] : [`was tried and not kept: ${Fence.quote(rejected)}`])
    ].join(", ") + ":",
    Fence.wrap("earlier", value),
    ...(feedback.length === 0 ? [] : ["What was said about it:", Fence.wrap("feedback", feedback.join("\n"))])
  ].join("\n")

const earlierTitle = "Earlier versions, oldest first; where the same feedback comes back, change more"
const evolutionTitle =
  "Earlier versions, oldest first: go on from them. Keep what raised the score, take back what lowered it; change a little at a time, and more only where the same feedback comes back"

const user = (slots: Slots): string =>
  [
    `# The ${slots.isText ? "text" : "value"}, used as ${Fence.quote(slots.role)}`,
    Fence.wrap("value", slots.value),
    "",
    ...list(slots.gradual ? evolutionTitle : earlierTitle, slots.earlier.map(earlier)),
    "# Feedback",
    feedbackList(slots.feedback),
    "",
    ...list(
      "It must be modelled on these examples",
      slots.examples.map((example) => Fence.wrap("example", example))
    ),
    ...list(
      "Constraints",
      slots.constraints.map((constraint) => `- ${Fence.line(constraint)}`)
    ),
    slots.asEdits === true
      ? "Now write the edits, all of them."
      : `Now write the new ${slots.isText ? "text" : "value"}, complete.`
  ].join("\n")

const said = (text: string): Criticism => ({ _tag: "Criticism", text, from: "tray of the letter", score: 0 })

const solved = {
  role: "instructions of the model that sorts letters",
  value: "Sort the letter into a tray.\n- Letters about dogs: tray D1.",
  isText: true,
  feedback: [
    said("When a letter is about music or other noise that is too loud: such letters belong into tray N4"),
    said(
      "When a letter is about rubbish that lies in the street: such letters belong into tray W2, and only the tray is to be named"
    ),
    said("When a letter is about noise at night: such letters belong into tray N4")
  ],
  constraints: [],
  examples: [],
  earlier: []
} satisfies Slots

const changed = "rules for noise and rubbish; only the tray is named"
const rules =
  "\n- Letters about music or other noise that is too loud: tray N4.\n- Letters about rubbish that lies in the street: tray W2."

const wholeExample: NonNullable<Prompt["example"]> = {
  user: user(solved),
  reply: JSON.stringify({
    value: `Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.${rules}`,
    changed
  })
}

const editsExample: NonNullable<Prompt["example"]> = {
  user: user({ ...solved, asEdits: true }),
  reply: JSON.stringify({
    edits: [
      { find: "into a tray.", replace: "into a tray. Name only the tray." },
      { find: "tray D1.", replace: `tray D1.${rules}` }
    ],
    changed
  })
}

/** The prompt of the editor. Provide a function of your own to replace it. */
export const ProposePrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Propose",
  {
    defaultValue: () => (slots: Slots) => ({
      system: system(slots.asEdits === true ? editsReply : wholeReply),
      // the worked case shows a text; for a value of another schema it would mislead
      ...(slots.isText ? { example: slots.asEdits === true ? editsExample : wholeExample } : {}),
      user: user(slots)
    })
  }
)
