/** The names that a source declares and exports, and whether each has a docstring. */
import { basename } from "node:path"
import { parseSync } from "rolldown/utils"

export interface Export {
  readonly name: string
  readonly documented: boolean
}

/**
 * The file's own docstring serves the export that the file is called after. Of a type and a value with one name, a docstring on either will do.
 * Re-exports are documented where they come from.
 */
export const exportsOf = (path: string, text: string): ReadonlyArray<Export> => {
  const { program, comments } = parseSync(path, text)
  const ends = comments.filter((one) => one.type === "Block" && one.value.startsWith("*")).map((one) => one.end)
  const subject = /^\s*\/\*\*/.test(text) ? basename(path, ".ts") : undefined
  const documented = new Map<string, boolean>()
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration" || node.declaration === null) continue
    const declaration = node.declaration
    const ids =
      declaration.type === "VariableDeclaration"
        ? declaration.declarations.map((one) => one.id)
        : ["id" in declaration ? declaration.id : null]
    const has = ends.some((end) => end <= node.start && text.slice(end, node.start).trim() === "")
    for (const id of ids) {
      if (id?.type === "Identifier")
        documented.set(id.name, has || id.name === subject || documented.get(id.name) === true)
    }
  }
  return [...documented].map(([name, has]) => ({ name, documented: has }))
}
