/**
 * Published tests taken apart into statements, by lines, brackets and quotes. Enough for lists of assertions; what is not such
 * a list is left whole by those who ask.
 */

export type Comment = "#" | "//"

/** What is still open at the end of a line. */
interface Open {
  readonly depth: number
  readonly quote: string
}

const closed: Open = { depth: 0, quote: "" }

const after = (line: string, comment: Comment, from: Open): Open => {
  let { depth, quote } = from
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quote !== "") {
      if (char === "\\") i++
      else if (char === quote) quote = ""
    } else if (line.startsWith(comment, i)) break
    else if (`"'\``.includes(char)) quote = char
    else if ("([{".includes(char)) depth++
    else if (")]}".includes(char)) depth--
  }
  return { depth, quote }
}

/** Without the indentation that all its lines have in common. */
export const dedent = (code: string): string => {
  const indents = code
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length)
  const common = Math.min(...indents)
  return code
    .split("\n")
    .map((line) => line.slice(common))
    .join("\n")
}

/**
 * The statements of a block, without blank lines and comments between them. A line that is indented, or that comes while a
 * bracket or quote is open, belongs to the statement before it.
 */
export const split = (block: string, comment: Comment): ReadonlyArray<string> => {
  const statements: Array<Array<string>> = []
  let open = closed
  for (const line of dedent(block).split("\n")) {
    const inside = open.depth > 0 || open.quote !== ""
    const last = statements.at(-1)
    if (!inside && (line.trim() === "" || line.startsWith(comment))) continue
    if (last !== undefined && (inside || /^\s/.test(line))) last.push(line)
    else statements.push([line])
    open = after(line, comment, open)
  }
  return statements.map((lines) => lines.join("\n").trimEnd())
}
