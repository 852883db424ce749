/** Asks for a value that scores higher than all that were tried. */
import * as Context from "effect/Context"
import { type Case, cases, scoreOf } from "./Case.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

/** A version with its score, 0 to 1. */
export interface Tried {
  readonly value: string
  readonly score: number
}

export interface Slots {
  readonly role: string
  /** Whether the value is a text, or a JSON value of a schema. */
  readonly isText: boolean
  /** The best last. */
  readonly tried: ReadonlyArray<Tried>
  /** A few, of the version that is in use. */
  readonly cases: ReadonlyArray<Case>
  readonly constraints: ReadonlyArray<string>
}

const system = `You are the editor in a system that looks for the text with the highest score.
You are given what the text is used for, versions of it that were tried, each with its score (0 to 1, the best comes last), and cases from its use. See what the better versions have that the others lack, and what the cases show. Write a version that will score higher than all of them.

- Give the whole new text in "value", then say in "changed", in a few words, what is new against the best version.
- It must differ from every version shown. Where the best ones hardly differ, change more.
- Facts, labels, formats and rules that the cases state belong into it, word for word.
- The text will be used with new cases: write rules, not answers to the cases you saw.
- The value stands alone: no mention of versions, scores, cases or feedback.`

const user = (slots: Slots): string =>
  [
    `# Versions of the ${slots.isText ? "text" : "value"}, used as ${Fence.quote(slots.role)}, the best last`,
    ...slots.tried.map(({ score, value }) => `Score ${scoreOf(score)}:\n${Fence.wrap("version", value)}`),
    "",
    ...(slots.cases.length === 0 ? [] : ["# Cases from its use", cases(slots.cases), ""]),
    ...(slots.constraints.length === 0
      ? []
      : ["# Constraints", ...slots.constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    `Now write a new ${slots.isText ? "text" : "value"}, complete, that will score higher.`
  ].join("\n")

const example: NonNullable<Prompt["example"]> = {
  user: user({
    role: "instructions of the model that sorts letters",
    isText: true,
    tried: [
      { value: "Sort the letter.", score: 0.2 },
      { value: "Sort the letter into a tray. Name only the tray.", score: 0.55 },
      { value: "Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.", score: 0.7 }
    ],
    cases: [
      {
        inputs: [{ role: "letter to sort", text: "The bar below us plays music until four." }],
        outputRole: "tray of the letter",
        output: "D1",
        score: 0,
        feedback: "The right tray is N4, as for all letters about noise."
      }
    ],
    constraints: []
  }),
  reply: JSON.stringify({
    value:
      "Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.\n- Letters about music or other noise: tray N4.",
    changed: "a rule for noise"
  })
}

/** The prompt of optimisation by scores. Provide a function of your own to replace it. */
export const OutdoPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Outdo",
  {
    defaultValue: () => (slots: Slots) => ({
      system,
      // the worked case shows a text; for a value of another schema it would mislead
      ...(slots.isText ? { example } : {}),
      user: user(slots)
    })
  }
)
