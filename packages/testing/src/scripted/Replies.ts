/**
 * Replies to the library's own questions, for scripts: whoever writes a test need not know in which shape the critic and
 * the editor are asked.
 */
import type { Request } from "@backprose/core"
import type * as Schema from "effect/Schema"
import { fill } from "../student/shape.ts"
import type { Said } from "./Reply.ts"

/** The keys of a critic's reply that are about inputs, in the order in which it is asked about them. */
export const criticised = (request: Request.Request): ReadonlyArray<string> => {
  const { properties } = (request.output?.jsonSchema ?? {}) as { readonly properties?: object }
  return Object.keys(properties ?? {}).filter((key) => key.endsWith("_lacks"))
}

const filled = (request: Request.Request, values: { readonly [key: string]: Schema.Json }): Schema.Json => {
  const empty = request.output === undefined ? {} : fill(request.output.jsonSchema, { text: "", number: 0 })
  return typeof empty === "object" && empty !== null ? { ...empty, ...values } : empty
}

/**
 * What the critic says about the inputs it is asked about, in order; the last text stands for all that follow. It fits
 * both strategies: asked about one input in words, it says the first.
 *
 * **Example**
 *
 * ```ts
 * import { Replies, ScriptedModel } from "@backprose/testing"
 *
 * const models = ScriptedModel.layer({
 *   forward: ["a draft"],
 *   judge: ["Too long."],
 *   backward: [Replies.criticism("It does not ask for a short text.")],
 *   optimizer: [Replies.edit("Write a short text.")]
 * })
 * ```
 */
export const criticism =
  (...texts: readonly [string, ...ReadonlyArray<string>]) =>
  (request: Request.Request): Said =>
    request.output === undefined
      ? texts[0]
      : filled(
          request,
          Object.fromEntries(criticised(request).map((key, i) => [key, texts[Math.min(i, texts.length - 1)]!]))
        )

/** The new value that the editor proposes. */
export const edit =
  (value: Schema.Json) =>
  (request: Request.Request): Said =>
    filled(request, { value })
