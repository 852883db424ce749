/**
 * A JSON Schema as the grammar of its values. A schema can say more than a grammar can (patterns, sums, uniqueness):
 * what it cannot say is left open here and checked by whoever asked.
 */
import { choice, type Expression, never, rule } from "./Expression.ts"
import * as Json from "./Json.ts"

type Schema = { readonly [key: string]: unknown }

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const schemas = (value: unknown): ReadonlyArray<unknown> | undefined => (Array.isArray(value) ? value : undefined)
const count = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined)

// a range of at most this many whole numbers is written out, so that no reply can leave it
const enumerable = 200

const least = (schema: Schema, step: number): number => {
  const open = count(schema.exclusiveMinimum)
  return Math.max(count(schema.minimum) ?? Number.NEGATIVE_INFINITY, open === undefined ? -Infinity : open + step)
}
const most = (schema: Schema, step: number): number => {
  const open = count(schema.exclusiveMaximum)
  return Math.min(count(schema.maximum) ?? Number.POSITIVE_INFINITY, open === undefined ? Infinity : open - step)
}

const numeric = (schema: Schema, fractions: boolean): Expression => {
  const min = least(schema, fractions ? 0 : 1)
  const max = most(schema, fractions ? 0 : 1)
  const whole = Number.isInteger(min) && Number.isInteger(max)
  if (whole && max >= min && max - min <= enumerable) return Json.inRange(min, max, fractions)
  return fractions ? Json.number(!(min >= 0)) : Json.integer(!(min >= 0))
}

// `allOf` says more about the same value: effect/Schema writes checks so
const merged = (schema: Schema): Schema => {
  const { allOf, ...own } = schema
  return (schemas(allOf) ?? []).filter(isSchema).reduce<Schema>((all, part) => {
    const more = merged(part)
    return {
      ...all,
      ...more,
      ...(isSchema(all.properties) && isSchema(more.properties)
        ? { properties: { ...all.properties, ...more.properties } }
        : {}),
      ...(Array.isArray(all.required) && Array.isArray(more.required)
        ? { required: [...all.required, ...more.required] }
        : {})
    }
  }, own)
}

const impliedKind = (schema: Schema): string | undefined =>
  isSchema(schema.properties) || "additionalProperties" in schema
    ? "object"
    : "items" in schema || "prefixItems" in schema
      ? "array"
      : "minLength" in schema || "maxLength" in schema || "pattern" in schema
        ? "string"
        : "minimum" in schema || "maximum" in schema
          ? "number"
          : undefined

/** The grammar of the values of a JSON Schema (draft 2020-12; `definitions` as well as `$defs`). */
export const fromJsonSchema = (root: unknown): Expression => {
  const definitions: Schema = {
    ...(isSchema(root) && isSchema(root.definitions) ? root.definitions : {}),
    ...(isSchema(root) && isSchema(root.$defs) ? root.$defs : {})
  }
  const names = Object.keys(definitions)

  const reference = (path: string): Expression => {
    if (path === "#") return rule("itself", () => shape(root))
    const name = decodeURIComponent(path.split("/").at(-1) ?? "")
      .replaceAll("~1", "/")
      .replaceAll("~0", "~")
    const index = names.indexOf(name)
    return index < 0 ? Json.any : rule(`definition-${index}`, () => shape(definitions[name]))
  }

  const object = (schema: Schema): Expression => {
    const properties = isSchema(schema.properties) ? schema.properties : {}
    const required = schemas(schema.required) ?? []
    const fields = Object.entries(properties).map(([name, value]) => ({
      name,
      value: shape(value),
      required: required.includes(name)
    }))
    const others = schema.additionalProperties ?? true
    // a model that may add fields of its own does: only a schema for them, or no fields at all, leaves room for more
    const closed = others === false || (others === true && fields.length > 0)
    return Json.object(fields, closed ? undefined : shape(others))
  }

  const array = (schema: Schema): Expression => {
    const prefix = (schemas(schema.prefixItems) ?? []).map(shape)
    const closed = schema.items === false || (prefix.length > 0 && schema.items === undefined)
    return Json.array(
      prefix,
      closed ? never : shape(schema.items ?? true),
      count(schema.minItems) ?? 0,
      closed ? prefix.length : (count(schema.maxItems) ?? Number.POSITIVE_INFINITY)
    )
  }

  const kind = (name: unknown, schema: Schema): Expression => {
    switch (name) {
      case "object":
        return object(schema)
      case "array":
        return array(schema)
      case "string":
        return Json.string(count(schema.minLength), count(schema.maxLength))
      case "integer":
        return numeric(schema, false)
      case "number":
        return numeric(schema, true)
      case "boolean":
        return Json.boolean
      case "null":
        return Json.nil
      default:
        return Json.any
    }
  }

  const shape = (given: unknown): Expression => {
    if (given === false) return never
    if (!isSchema(given)) return Json.any
    const schema = merged(given)
    if (typeof schema.$ref === "string") return reference(schema.$ref)
    if ("const" in schema) return Json.literal(schema.const)
    if (Array.isArray(schema.enum)) return choice(...schema.enum.map(Json.literal))
    const options = schemas(schema.anyOf) ?? schemas(schema.oneOf)
    if (options !== undefined) {
      const { anyOf: _, oneOf: __, ...shared } = schema
      return choice(...options.map((option) => shape(isSchema(option) ? { ...shared, ...option } : option)))
    }
    const types = schemas(schema.type) ?? [schema.type ?? impliedKind(schema)]
    return choice(...types.map((type) => kind(type, schema)))
  }

  return shape(root)
}
