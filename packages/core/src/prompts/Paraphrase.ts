/** Asks for the same text in other words. */
import * as Context from "effect/Context"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  readonly role: string
  readonly value: string
  readonly constraints: ReadonlyArray<string>
}

const system = `You say a text in other words. What it says stays the same: every fact, label, format and rule, word for word where it is a name, a number or a code. How it says it is yours: other words, another order, shorter sentences or a list.

- Give the whole text in "value", then say in "changed", in a few words, what is different.
- Add nothing, leave out nothing.`

const user = ({ constraints, role, value }: Slots): string =>
  [
    `# The text, used as ${Fence.quote(role)}`,
    Fence.wrap("value", value),
    "",
    ...(constraints.length === 0
      ? []
      : ["# Constraints", ...constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    "Now write the text in other words, complete."
  ].join("\n")

const example: NonNullable<Prompt["example"]> = {
  user: user({
    role: "instructions of the model that sorts letters",
    value:
      "Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.\n- Letters about noise at night: tray N4.",
    constraints: []
  }),
  reply: JSON.stringify({
    value:
      "Each letter goes into one tray; reply with that tray and nothing else. A letter that complains of noise at night goes into N4, and one that is about a dog into D1.",
    changed: "sentences in place of the list, the other way round"
  })
}

/** The prompt that asks for a paraphrase. Provide a function of your own to replace it. */
export const ParaphrasePrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Paraphrase",
  {
    defaultValue:
      () =>
      (slots: Slots): Prompt => ({ system, example, user: user(slots) })
  }
)
