/** The ways in which a model's reply is of no use. */
import { Completion, type Request, TextModelError } from "@backprose/core"
import * as Schema from "effect/Schema"
import type { Said } from "../scripted/Reply.ts"
import * as Student from "../student/Student.ts"
import { fill } from "../student/shape.ts"

export const Misbehaviour = Schema.Literals([
  "fails",
  "cut",
  "filtered",
  "empty",
  "blank",
  "invalid",
  "no JSON",
  "half JSON"
])
export type Misbehaviour = typeof Misbehaviour.Type

/** A reply of that kind to a request that the student would have answered well. */
export const misbehave = (bad: Misbehaviour, request: Request.Request): Said => {
  const good = JSON.stringify(Student.reply(Student.defaults)(request))
  const filled = (text: string, number: number) =>
    request.output === undefined ? text : JSON.stringify(fill(request.output.jsonSchema, { text, number }))
  switch (bad) {
    case "fails":
      return new TextModelError.ProviderUnavailable({ message: "no answer" })
    case "cut":
      return Completion.make(good, { finishReason: "length" })
    case "filtered":
      return Completion.make(good, { finishReason: "content-filter" })
    case "empty":
      return " \n"
    case "blank":
      return filled(" \n ", 4)
    case "invalid":
      return request.output === undefined ? "" : `{"value":{"limit":99},"diagnosis":7}`
    case "no JSON":
      return request.output === undefined ? "" : "I would rather not."
    case "half JSON":
      return request.output === undefined ? "" : good.slice(0, good.length / 2)
  }
}
