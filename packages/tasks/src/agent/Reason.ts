/** The component that draws a conclusion from all notes. */
import { type BackwardModel, Component, Generate, Parameter, Select, Template } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { asked, fenced, type Inquiry, type Made } from "./Inquiry.ts"

const Conclusion = Schema.Struct({ conclusion: Schema.String.check(Schema.isMaxLength(400)) })

/** An inquiry with what follows from it. */
export interface Concluded {
  readonly inquiry: Inquiry
  readonly conclusion: Made<string>
}

/** Combines the notes of all hops. Parameter: `reason.instructions`. */
export const reason = Component.make(
  "reason",
  {
    instructions: Parameter.text("Conclude from the notes what answers the question.", {
      role: "instructions of the model that draws conclusions",
      constraints: ["at most 150 words"]
    })
  },
  Effect.fnUntraced(function* (p, inquiry: Inquiry) {
    const notes = inquiry.hops.flatMap(({ reading }) =>
      reading === undefined
        ? []
        : [Template.make<BackwardModel>`Notes:\n${fenced("notes", Select.field(reading, "notes"))}`]
    )
    const concluded = yield* Generate.object({
      system: p.instructions,
      prompt: asked(inquiry, ...notes),
      schema: Conclusion,
      name: "conclusion",
      role: "conclusion from the notes"
    })
    const made: Concluded = { inquiry, conclusion: Select.field(concluded, "conclusion", "conclusion") }
    return made
  })
)
