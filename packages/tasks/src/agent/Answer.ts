/** The component that says the answer, short. */
import { type BackwardModel, Component, Generate, Parameter, Select, Template } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { asked, fenced } from "./Inquiry.ts"
import { outcome } from "./Outcome.ts"
import type { Concluded } from "./Reason.ts"

const Answer = Schema.Struct({ answer: Schema.String.check(Schema.isMaxLength(120)) })

/** The answer to the question, from the conclusion. Parameter: `answer.instructions`. */
export const answer = Component.make(
  "answer",
  {
    instructions: Parameter.text("Answer the question.", {
      role: "instructions of the model that says the answer",
      constraints: ["at most 100 words"]
    })
  },
  Effect.fnUntraced(function* (p, { conclusion, inquiry }: Concluded) {
    const said = yield* Generate.object({
      system: p.instructions,
      prompt: asked(inquiry, Template.make<BackwardModel>`Conclusion:\n${fenced("conclusion", conclusion)}`),
      schema: Answer,
      name: "answer",
      role: "short answer"
    })
    return outcome(inquiry, Select.field(said, "answer", "answer to the question"))
  })
)
