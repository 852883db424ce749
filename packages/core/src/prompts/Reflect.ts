/** Asks the editor for a new value of one parameter, from the cases in which the old one was used. */
import * as Context from "effect/Context"
import { type Case, cases } from "./Case.ts"
import { type Failed, failed, section } from "./Failed.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  readonly role: string
  readonly value: string
  /** Whether the value is a text, or a JSON value of a schema. */
  readonly isText: boolean
  /** Wrong ones first. */
  readonly cases: ReadonlyArray<Case>
  /** Oldest first. */
  readonly failed: ReadonlyArray<Failed>
  readonly constraints: ReadonlyArray<string>
}

const system = `You are the editor in a system that improves texts by trying them.
You are given one text, what it is used for, and cases in which it was used: what went in, what came out, a score (1 is right), and what was said about it. See what the cases with a low score have in common and what the text would have had to say. Write that version.

- Give the whole new text in "value", then say in "changed", in a few words, what is new in it.
- Keep what works: cases with score 1 have to stay right.
- Every fact, label, format or rule that the cases show and the text lacks belongs into the text, word for word: one rule a kind of case. A way of working that the good cases share belongs into it too. A rule that the text has already is not written again.
- The text will be used with new cases: write rules, not answers to the cases you saw.
- The value stands alone: no mention of cases, scores, feedback or earlier versions.`

const user = (slots: Slots): string =>
  [
    `# The ${slots.isText ? "text" : "value"}, used as ${Fence.quote(slots.role)}`,
    Fence.wrap("value", slots.value),
    "",
    "# Cases in which it was used",
    cases(slots.cases),
    "",
    ...section(slots.failed.map((one) => failed("A version", one))),
    ...(slots.constraints.length === 0
      ? []
      : ["# Constraints", ...slots.constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    `Now write the new ${slots.isText ? "text" : "value"}, complete.`
  ].join("\n")

const letter = (text: string, tray: string, score: number, feedback: string): Case => ({
  inputs: [{ role: "letter to sort", text }],
  outputRole: "tray of the letter",
  output: tray,
  score,
  feedback
})

const example: NonNullable<Prompt["example"]> = {
  user: user({
    role: "instructions of the model that sorts letters",
    value: "Sort the letter into a tray.\n- Letters about dogs: tray D1.",
    isText: true,
    cases: [
      letter("The bar below us plays music until four.", "Complaints", 0, "The right tray is N4."),
      letter(
        "Old sofas lie in our street.",
        "This is about rubbish: W2",
        0.5,
        "Right, but only the tray is to be named."
      ),
      letter("A dog barks in the park at noon.", "D1", 1, "")
    ],
    failed: [],
    constraints: []
  }),
  reply: JSON.stringify({
    value:
      "Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.\n- Letters about music or other noise at night: tray N4.\n- Letters about rubbish in the street: tray W2.",
    changed: "rules for noise and rubbish; only the tray is named"
  })
}

/** The prompt of reflective mutation. Provide a function of your own to replace it. */
export const ReflectPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Reflect",
  {
    defaultValue: () => (slots: Slots) => ({
      system,
      // the worked case shows a text; for a value of another schema it would mislead
      ...(slots.isText ? { example } : {}),
      user: user(slots)
    })
  }
)
