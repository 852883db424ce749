/**
 * A schema as the shape of a reply: the JSON Schema to send, and the reader of what comes back.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { OutputFormat } from "../model/Request.ts"
import * as Stated from "./Stated.ts"

export interface Structured<A> {
  readonly output: OutputFormat
  /** The value in a reply, or what is wrong with it in words. */
  readonly read: (reply: string) => Result.Result<A, string>
  /** A JSON value as a value of the schema, or what is wrong with it in words. */
  readonly fits: (json: unknown) => Result.Result<A, string>
}

type JsonObject = { readonly [key: string]: Schema.Json }

const formats = new WeakMap<object, Map<string, Structured<any>>>()

/** `name` tells the provider what the object is. Built once a schema and name. */
export const of = <A>(name: string, schema: Schema.Codec<A, unknown>): Structured<A> => {
  const named = formats.get(schema) ?? new Map<string, Structured<any>>()
  formats.set(schema, named)
  const known = named.get(name)
  if (known !== undefined) return known
  const made = make(name, schema)
  named.set(name, made)
  return made
}

const jsonSchemaOf = (schema: Schema.Codec<any, unknown>): JsonObject => {
  const { schema: root, definitions } = Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" })
  return (Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions }) as JsonObject
}

const make = <A>(name: string, schema: Schema.Codec<A, unknown>): Structured<A> => {
  const jsonSchema = jsonSchemaOf(schema)
  const decode = Schema.decodeUnknownResult(Schema.toCodecJson(schema))
  const fits = (json: unknown): Result.Result<A, string> => Result.mapError(decode(json), ({ message }) => message)
  const read = (reply: string): Result.Result<A, string> => Stated.value(reply, fits)
  if (jsonSchema["type"] === "object") return { output: { name, jsonSchema }, read, fits }
  // providers want an object at the root; the value without it is as good
  const wrapped = make(name, Schema.Struct({ value: schema }))
  return {
    output: wrapped.output,
    fits,
    read: (reply) => {
      const inside = Result.map(wrapped.read(reply), ({ value }) => value as A)
      if (Result.isSuccess(inside)) return inside
      const bare = read(reply)
      return Result.isFailure(bare) && reply.includes(`"value"`) ? inside : bare
    }
  }
}
