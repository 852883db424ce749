/**
 * The smallest instance of a JSON Schema, its strings as long as a model's would be.
 */
interface JsonSchema {
  readonly $ref?: string
  readonly $defs?: { readonly [name: string]: JsonSchema }
  readonly const?: unknown
  readonly enum?: ReadonlyArray<unknown>
  readonly anyOf?: ReadonlyArray<JsonSchema>
  readonly type?: string | ReadonlyArray<string>
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minimum?: number
}

/** `words` stands wherever the schema wants a string. */
export const sample = (schema: JsonSchema, words: string, root: JsonSchema = schema): unknown => {
  const inner = (one: JsonSchema) => sample(one, words, root)
  if (schema.$ref !== undefined) return inner(root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {})
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf?.[0] !== undefined) return inner(schema.anyOf[0])
  switch (typeof schema.type === "string" ? schema.type : schema.type?.[0]) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, inner(one)]))
    case "array":
      return Array.from({ length: schema.minItems ?? 1 }, () => inner(schema.items ?? {}))
    case "number":
    case "integer":
      return schema.minimum ?? 0
    case "boolean":
      return true
    case "null":
      return null
    default:
      return words
  }
}
