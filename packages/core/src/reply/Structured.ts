/**
 * A schema as the shape of a reply: the JSON Schema to send, and the reader of what comes back.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { OutputFormat } from "../model/Request.ts"

export interface Structured<A> {
  readonly output: OutputFormat
  /** The value in a reply, or what is wrong with it in words. */
  readonly read: (reply: string) => Result.Result<A, string>
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
  const read = (reply: string): Result.Result<A, string> =>
    Result.flatMap(parse(reply), (json) => Result.mapError(decode(json), ({ message }) => message))
  if (jsonSchema["type"] === "object") return { output: { name, jsonSchema }, read }
  // providers want an object at the root; the value without it is as good
  const wrapped = make(name, Schema.Struct({ value: schema }))
  return {
    output: wrapped.output,
    read: (reply) => {
      const inside = Result.map(wrapped.read(reply), ({ value }) => value as A)
      if (Result.isSuccess(inside)) return inside
      const bare = read(reply)
      return Result.isFailure(bare) && reply.includes(`"value"`) ? inside : bare
    }
  }
}

/** JSON as models write it: alone, inside a code fence, or between words. */
const parse = (reply: string): Result.Result<unknown, string> => {
  const text = reply.replace(/^\uFEFF/, "").trim()
  const fenced = /^```[a-z]*\s*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1]
  const inner = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)
  const candidates = [text, fenced, inner].filter((candidate) => candidate !== undefined && candidate !== "")
  const results = candidates.map((candidate) =>
    Result.try({ try: () => JSON.parse(candidate!) as unknown, catch: (cause) => `not JSON: ${String(cause)}` })
  )
  return results.find(Result.isSuccess) ?? results[0] ?? Result.fail("not JSON: empty")
}
