/**
 * Everything that one model call depends on, as plain data: two calls with equal requests to one model are the same
 * question. Journals, caches and recordings take their keys from here.
 */

import * as Schema from "effect/Schema"
import { canonical } from "./canonical.ts"
import { Message } from "./Message.ts"

/** Which part of an optimisation asks. */
export const Purpose = Schema.Literals(["forward", "judge", "backward", "optimizer"])
export type Purpose = typeof Purpose.Type

/** How the reply is drawn. What is left out is the provider's default. */
export const Sampling = Schema.Struct({
  /** 0 is greedy. */
  temperature: Schema.optionalKey(Schema.Finite),
  topP: Schema.optionalKey(Schema.Finite),
  /** In tokens. */
  maxOutputTokens: Schema.optionalKey(Schema.Int),
  seed: Schema.optionalKey(Schema.Int),
  stop: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Sampling = typeof Sampling.Type

/** The shape a structured reply must have: a name for the provider, and a JSON Schema (draft 2020-12, an object). */
export const OutputFormat = Schema.Struct({ name: Schema.String, jsonSchema: Schema.Json })
export type OutputFormat = typeof OutputFormat.Type

export const Request = Schema.Struct({
  messages: Schema.Array(Message),
  purpose: Purpose,
  /** Present when the reply must be JSON of this shape. */
  output: Schema.optionalKey(OutputFormat),
  sampling: Schema.optionalKey(Sampling),
  /** Asking the same thing five times for a vote gives five replies: 0, 1, 2, 3, 4. */
  sample: Schema.Int
})
export type Request = typeof Request.Type

/** A request with its sample index, 0 where it is left out. For those who ask a `TextModel` themselves. */
export const make = (fields: Omit<Request, "sample"> & { readonly sample?: number | undefined }): Request => ({
  ...fields,
  sample: fields.sample ?? 0
})

/** Canonical text of a request: equal requests give equal keys in any process, and no two different ones collide. */
export const key = (request: Request): string => canonical(request)
