/**
 * Ticket triage: a solver that must put support tickets under a house's own codes, which its first instruction does not
 * even name. What it lacks can only come from feedback.
 */
import { Generate, Parameter, Parameters, Task, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Sizes } from "../shuffle/Sizes.ts"
import { generate, type Ticket } from "./Tickets.ts"

// a code is short: the limit also ends the reply of a small model that would ramble on
const Label = Schema.Struct({ label: Schema.String.check(Schema.isMaxLength(40)) })

const parameters = Parameters.make({
  instructions: Parameter.text("Classify the support ticket.", {
    role: "instructions of the model that labels support tickets",
    constraints: ["at most 200 words"]
  })
})

/** Exactly the code; the feedback on anything else names the code that was wanted. */
const metric = ({ label }: typeof Label.Type, { code }: Ticket) =>
  label.trim() === code
    ? 1
    : { score: 0, feedback: `Wrong label: ${label}. A ticket like this one must get the label ${code}.` }

/** The task with tickets of a seed: training, validation and test sets never share a ticket. */
export const make = Effect.fnUntraced(function* (sizes: Sizes, seed: number) {
  const tickets = yield* generate(sizes.train + sizes.validation + sizes.test, seed)
  return Task.make({
    name: "triage",
    parameters,
    forward: (p, { ticket }: Ticket) =>
      Generate.object({
        system: p.instructions,
        prompt: Template.make`Ticket: ${Variable.constant(ticket, "support ticket")}`,
        schema: Label,
        name: "label",
        role: "label of the ticket"
      }),
    metric,
    train: tickets.slice(0, sizes.train),
    validation: tickets.slice(sizes.train, sizes.train + sizes.validation),
    test: tickets.slice(sizes.train + sizes.validation)
  })
})
