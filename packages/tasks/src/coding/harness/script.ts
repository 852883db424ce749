/**
 * Code of a module as a script, since tests see what stands at the top level of a solution: nothing is exported, and what is
 * imported is required. An import of which nothing is used goes: models repeat those of the prompt, also of modules that
 * nobody has. Any other module that is not there is told by name when the code runs.
 */
export const script = (code: string): string => {
  const plain = code
    .replaceAll(/^[ \t]*export\s*(?:\*[^;\n]*|\{[^}]*\}(?:\s*from\s*(?:"[^"\n]*"|'[^'\n]*'))?)[ \t]*;?/gm, "")
    .replaceAll(/^([ \t]*)export\s+(?:default\s+|=\s*)?(?=\S)/gm, "$1")
  const rest = plain.replaceAll(imports, "").replaceAll(said, "")
  return plain.replaceAll(imports, (_, clause: string | undefined, quoted: string) => {
    if (clause === undefined) return `require(${quoted});`
    return bindings(clause)
      .filter(({ name }) => new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(rest))
      .map(({ name, of }) => `const ${of === undefined ? name : `{ ${of}: ${name} }`} = require(${quoted});`)
      .join(" ")
  })
}

const imports =
  /^[ \t]*import\s*(?:(type\s+[\w$*{][^"';]*?|[\w$*{][^"';(]*?)\s*(?:\bfrom\s*|=\s*require\s*\(\s*))?("[^"\n]*"|'[^'\n]*')[ \t]*\)?[ \t]*;?/gm

/** Comments, and texts in which no code can stand. */
const said = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** The names that an import makes, and what each is of the module: all of it where nothing is said. */
const bindings = (clause: string): ReadonlyArray<{ readonly name: string; readonly of: string | undefined }> => {
  if (/^type\s+[\w$*{]/.test(clause) && !/^type\s*,/.test(clause)) return []
  const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? ""
  const whole = clause.replace(/\{[^}]*\}/, "").split(",")
  return [
    ...whole.map((part) => ({ name: part.replace(/^\s*\*\s*as\s/, "").trim(), of: undefined })),
    ...named
      .split(",")
      .map((part) => part.trim())
      .filter((part) => !part.startsWith("type "))
      .map((part) => {
        const [of = "", name = of] = part.split(/\s+as\s+/)
        return { name, of: of === "default" ? undefined : of }
      })
  ].filter(({ name }) => name !== "")
}
