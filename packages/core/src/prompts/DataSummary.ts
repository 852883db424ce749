/** Asks what the data of a task are like, for whoever writes instructions without having seen them. */
import * as Context from "effect/Context"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

/** What an example gives to the pipeline, and its output where that was right. */
export interface Shown {
  readonly inputs: ReadonlyArray<{ readonly role: string; readonly text: string }>
  readonly output: string | undefined
}

export interface Slots {
  readonly examples: ReadonlyArray<Shown>
}

const system = `You describe the data of a task to somebody who will write instructions for it. You are given some of its examples.
Say in three to five sentences what the inputs are about, how they are written, what kinds of them there are, and what the outputs look like. Describe what they have in common, not each example. Add no advice.`

/** The prompt that summarises data. Provide a function of your own to replace it. */
export const DataSummaryPrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/DataSummary",
  {
    defaultValue: () => (slots: Slots) => ({
      system,
      user: slots.examples
        .map(({ inputs, output }, i) =>
          [
            `Example ${i + 1}:`,
            ...inputs.map(({ role, text }) => `Input, used as ${Fence.quote(role)}:\n${Fence.wrap("input", text)}`),
            ...(output === undefined ? [] : [`Right output:\n${Fence.wrap("output", output)}`])
          ].join("\n")
        )
        .join("\n\n")
    })
  }
)
