/**
 * Structured replies: the schema that goes over the wire and the codec that reads the reply, built once a schema.
 */
import * as AiError from "effect/ai/AiError"
import type { CodecTransformer } from "effect/ai/LanguageModel"
import { toCodecOpenAI } from "effect/ai/OpenAiStructuredOutput"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"

const known = new WeakMap<object, ReturnType<CodecTransformer>>()

/** `toCodecOpenAI`, remembered by schema. Throws as it does, for schemas the wire cannot carry. */
export const codecTransformer = ((schema) => {
  const found = known.get(schema)
  if (found !== undefined) return found
  const made = toCodecOpenAI(schema)
  known.set(schema, made)
  return made
}) as CodecTransformer

/** The JSON Schema of a schema, or a typed error that says why there is none. */
export const jsonSchema = (
  module: string,
  schema: Schema.Top
): Effect.Effect<Record<string, unknown>, AiError.AiError> =>
  Effect.try({
    try: () => codecTransformer(schema as never).jsonSchema as Record<string, unknown>,
    catch: (cause) =>
      AiError.make({
        module,
        method: "generateObject",
        reason: new AiError.UnsupportedSchemaError({
          description: cause instanceof Error ? cause.message : String(cause)
        })
      })
  })

/** A name the wire accepts: letters, digits, underscores and dashes, at most 64. */
export const objectName = (name: string): string => name.replace(/[^\w-]/g, "_").slice(0, 64) || "object"
