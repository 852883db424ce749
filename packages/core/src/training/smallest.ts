/** The smallest value that a JSON Schema allows, as far as its types and limits say. */

type Node = { readonly [key: string]: unknown }

const isNode = (u: unknown): u is Node => typeof u === "object" && u !== null && !Array.isArray(u)
const number = (u: unknown): number | undefined => (typeof u === "number" ? u : undefined)

const deepest = 20

/** A value of the schema's shape. What a schema says in other words (patterns, conditions) is not kept to. */
export const smallest = (schema: unknown, root: unknown = schema, depth = 0): unknown => {
  if (!isNode(schema) || depth > deepest) return null
  const inner = (part: unknown) => smallest(part, root, depth + 1)
  if ("const" in schema) return schema["const"]
  if (Array.isArray(schema["enum"])) return schema["enum"][0]
  if (typeof schema["$ref"] === "string") return inner(referred(root, schema["$ref"]))
  for (const kind of ["anyOf", "oneOf", "allOf"]) {
    const parts = schema[kind]
    // a type beside them says more than the parts, which then only narrow it
    if (schema["type"] === undefined && Array.isArray(parts) && parts.length > 0) return inner(parts[0])
  }
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"]
  switch (type) {
    case "string":
      return "x".repeat(Math.max(1, number(schema["minLength"]) ?? 1))
    case "integer":
    case "number":
      return nearestToZero(schema)
    case "boolean":
      return false
    case "array":
      return Array.from({ length: number(schema["minItems"]) ?? 0 }, (_, i) => {
        const places = schema["prefixItems"]
        return inner(Array.isArray(places) && i < places.length ? places[i] : schema["items"])
      })
    case "object": {
      const properties = isNode(schema["properties"]) ? schema["properties"] : {}
      const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : []
      return Object.fromEntries(required.map((name) => [name, inner(properties[name])]))
    }
    default:
      return null
  }
}

const nearestToZero = (schema: Node): number => {
  const above = number(schema["exclusiveMinimum"])
  const most = number(schema["maximum"]) ?? number(schema["exclusiveMaximum"]) ?? Number.POSITIVE_INFINITY
  const past = above === undefined ? undefined : above + 1 <= most ? above + 1 : (above + most) / 2
  return Math.min(most, Math.max(0, number(schema["minimum"]) ?? past ?? Number.NEGATIVE_INFINITY))
}

const referred = (root: unknown, ref: string): unknown =>
  ref
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((at: unknown, part) => (isNode(at) ? at[part] : undefined), root)
