/**
 * A grammar in the notation of the engine (GBNF).
 */
import type { Expression } from "./Expression.ts"

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const quote = (text: string): string => `"${text.replace(/["\\\n\r\t]/g, (character) => escapes[character]!)}"`

// the engine refuses long repetitions, and repetitions of long things: above this they are left open
const longest = 1000

const times = (min: number, max: number): string =>
  max > longest ? (min === 0 ? "*" : `{${Math.min(min, longest)},}`) : `{${min},${max}}`

/** The whole grammar as text; its start is `root`. Equal expressions give equal texts. */
export const render = (expression: Expression): string => {
  const rules = new Map<string, string>()
  const items = new Map<string, string>()
  // what is repeated stands under a name of its own, or it would count in full for each repetition
  const repeated = (item: Expression): string => {
    if (item._tag === "Class" || item._tag === "Rule") return write(item)
    const body = write(item)
    const known = items.get(body) ?? `item-${items.size}`
    items.set(body, known)
    rules.set(known, body)
    return known
  }
  const write = (part: Expression): string => {
    switch (part._tag) {
      // a choice of nothing cannot be written down, and is never asked for
      case "Never":
      case "Empty":
        return '""'
      case "Text":
        return quote(part.text)
      case "Class":
        return part.gbnf
      case "Sequence":
        return `${write(part.head)} ${write(part.tail)}`
      case "Choice":
        return `(${part.options.map(write).join(" | ")})`
      case "Repeat":
        return `${repeated(part.item)}${times(part.min, part.max)}`
      case "Rule":
        if (!rules.has(part.name)) {
          rules.set(part.name, "")
          rules.set(part.name, write(part.body()))
        }
        return part.name
    }
  }
  const root = write(expression)
  return [`root ::= ${root}`, ...Array.from(rules, ([name, body]) => `${name} ::= ${body}`), ""].join("\n")
}
