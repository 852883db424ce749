/** Asks a model to send again a reply that was not of the shape it was asked for. */
import * as Context from "effect/Context"
import * as Fence from "./Fence.ts"

export interface Slots {
  readonly problem: string
  readonly jsonSchema: string
}

/** The prompt that asks for a reply once more. Provide a function of your own to replace it. */
export const RepairPrompt: Context.Reference<(slots: Slots) => string> = Context.Reference(
  "@backprose/core/prompts/Repair",
  {
    defaultValue: () => (slots: Slots) =>
      [
        "That reply could not be read.",
        `Problem:\n${Fence.wrap("problem", slots.problem)}`,
        "Send the same answer once more as one JSON object that fits this JSON Schema, and nothing else:",
        Fence.line(slots.jsonSchema)
      ].join("\n")
  }
)
