import * as Schema from "effect/Schema"

type Node = { readonly [key: string]: Schema.Json }

const isNode = (json: Schema.Json | undefined): json is Node =>
  typeof json === "object" && json !== null && !Array.isArray(json)

/** What to put into the places of a shape. */
export interface Filling {
  readonly text: string
  readonly number: number
}

/**
 * The smallest value of a JSON Schema with a text in every string and a number in every number, as far as the schema
 * lets it: the student answers any structured request without knowing what it is for.
 */
export const fill = (jsonSchema: Schema.Json, filling: Filling): Schema.Json => {
  const definitions = isNode(jsonSchema) && isNode(jsonSchema["$defs"]) ? jsonSchema["$defs"] : {}
  const at = (schema: Schema.Json | undefined): Schema.Json => {
    if (!isNode(schema)) return null
    const { $ref, allOf, anyOf, const: constant, enum: choices, items, minItems, oneOf, properties, type } = schema
    if (typeof $ref === "string") return at(definitions[$ref.split("/").at(-1)!])
    if (constant !== undefined) return constant
    if (Array.isArray(choices)) return choices.includes(filling.text) ? filling.text : choices.at(-1)!
    const several = anyOf ?? oneOf
    if (Array.isArray(several)) return at(several[0])
    switch (type) {
      case "object":
        return Object.fromEntries(
          Object.entries(isNode(properties) ? properties : {}).map(([name, property]) => [name, at(property)])
        )
      case "string":
        return filling.text
      case "number":
      case "integer":
        return filling.number
      case "boolean":
        return false
      case "array":
        return Array.from({ length: typeof minItems === "number" ? minItems : 0 }, () => at(items))
      default:
        return Array.isArray(allOf) ? at(allOf[0]) : null
    }
  }
  return at(jsonSchema)
}

/** A value with a change made to the first text in it, or the value itself where there is none. */
export const amend = (value: Schema.Json, change: (text: string) => string): Schema.Json => {
  let done = false
  const at = (json: Schema.Json): Schema.Json => {
    if (done) return json
    if (typeof json === "string") {
      done = true
      return change(json)
    }
    if (Array.isArray(json)) return json.map(at)
    return isNode(json) ? Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, at(inner)])) : json
  }
  return at(value)
}
