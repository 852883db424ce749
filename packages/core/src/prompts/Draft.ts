/** Asks the editor for the first version of a text, where there is nothing but what it should be good at. */
import * as Context from "effect/Context"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  /** What the text is, in words. */
  readonly role: string
  /** What it should be good at. */
  readonly objective: string
  readonly constraints: ReadonlyArray<string>
}

const system = `You write the first version of a text that will be tried as it is, and improved by what is found then: a program, a plan, a picture in code, a letter, whatever it is.

- Give the whole text in "value", as it is to be used: no fence around it, no title, not a word about it.
- Simple and complete comes before clever.`

const user = ({ constraints, objective, role }: Slots): string =>
  [
    `# What to write: ${Fence.quote(role)}`,
    "",
    "# What it should be good at",
    Fence.wrap("objective", objective),
    "",
    ...(constraints.length === 0
      ? []
      : ["# Constraints", ...constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    "Now write it, complete."
  ].join("\n")

/** The prompt of a first version. Provide a function of your own to replace it. */
export const DraftPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Draft",
  {
    defaultValue:
      () =>
      (slots: Slots): Prompt => ({ system, user: user(slots) })
  }
)
