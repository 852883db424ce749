/**
 * What a JSON Schema says in words about its fields, for a model that is held to the schema's shape but never sees it.
 * Hosted providers show the whole schema to their models; for a small one the words alone worked better.
 */

type Schema = { readonly [key: string]: unknown }

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const notesOf = (root: Schema): ReadonlyArray<string> => {
  const definitions: Schema = {
    ...(isSchema(root.definitions) ? root.definitions : {}),
    ...(isSchema(root.$defs) ? root.$defs : {})
  }
  const visit = (path: string, given: unknown, inside: ReadonlyArray<unknown>): ReadonlyArray<string> => {
    if (!isSchema(given)) return []
    const own = path !== "" && typeof given.description === "string" ? [`- ${path}: ${given.description}`] : []
    if (inside.includes(given)) return own
    const within = [...inside, given]
    const reference = typeof given.$ref === "string" ? definitions[given.$ref.split("/").at(-1)!] : undefined
    const fields = Object.entries(isSchema(given.properties) ? given.properties : {}).flatMap(([name, field]) =>
      visit(path === "" ? name : `${path}.${name}`, field, within)
    )
    const parts = [given.allOf, given.anyOf, given.oneOf].flatMap((options) => (Array.isArray(options) ? options : []))
    return [
      ...own,
      ...visit(path, reference, within),
      ...fields,
      ...parts.flatMap((part) => visit(path, part, within)),
      ...visit(`${path}[]`, given.items, within)
    ]
  }
  return visit("", root, [])
}

/** Instructions that explain the fields; undefined when the schema describes none of them. */
export const fieldNotes = (jsonSchema: unknown): string | undefined => {
  const notes = isSchema(jsonSchema) ? [...new Set(notesOf(jsonSchema))] : []
  return notes.length === 0 ? undefined : ["Reply with a JSON object. Its fields:", ...notes].join("\n")
}
