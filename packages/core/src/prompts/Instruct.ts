/** Asks for instructions grounded in what is known of the task: its data, the shape of the pipeline, cases done right. */
import * as Context from "effect/Context"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Slots {
  readonly role: string
  readonly value: string
  /** What the data are like, in a few sentences; empty where nobody knows. */
  readonly summary: string
  /** The pipeline, one line an operation; empty where nobody knows. */
  readonly shape: string
  /** Inputs with right outputs of the call that reads the text. */
  readonly examples: ReadonlyArray<{ readonly input: string; readonly output: string }>
  /** How these instructions should differ from others; empty for no wish. */
  readonly tip: string
  readonly constraints: ReadonlyArray<string>
}

/** Wishes that make several proposals differ, in turn. */
export const tips: ReadonlyArray<string> = [
  "",
  "Be brief: two sentences at most.",
  "Describe the way to the answer step by step.",
  "Name the kinds of cases and what tells them apart.",
  "Say what the output must look like, and what must not be in it.",
  "Say as which expert the model should think, and what is at stake."
]

const system = `You write instructions for a language model that is one part of a pipeline.
You are given the instructions as they are, what they are used for, the shape of the pipeline, what its data are like, and cases that were done right. Write better instructions for this part.

- Give the whole new text in "value", then say in "changed", in a few words, what is new in it.
- Say what the task is, what comes in and what must come out, as exactly as the material allows. Claim nothing that it does not show.
- The text will be used with new cases: no answers to the cases you saw.
- The value stands alone: no mention of this material or of tips.`

const user = (slots: Slots): string =>
  [
    `# The instructions, used as ${Fence.quote(slots.role)}`,
    Fence.wrap("value", slots.value),
    "",
    ...(slots.shape === "" ? [] : ["# The pipeline", Fence.wrap("shape", slots.shape), ""]),
    ...(slots.summary === "" ? [] : ["# Its data", Fence.wrap("summary", slots.summary), ""]),
    ...(slots.examples.length === 0
      ? []
      : [
          "# Cases done right",
          ...slots.examples.map(
            ({ input, output }) => `Input:\n${Fence.wrap("input", input)}\nOutput:\n${Fence.wrap("output", output)}`
          ),
          ""
        ]),
    ...(slots.constraints.length === 0
      ? []
      : ["# Constraints", ...slots.constraints.map((constraint) => `- ${Fence.line(constraint)}`), ""]),
    `${slots.tip === "" ? "" : `Tip: ${Fence.line(slots.tip)}\n`}Now write the new instructions, complete.`
  ].join("\n")

/** The prompt that proposes instructions. Provide a function of your own to replace it. */
export const InstructPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Instruct",
  {
    defaultValue: () => (slots: Slots) => ({ system, user: user(slots) })
  }
)
