/**
 * Programs that differ from a right one in one small slip: how many of them a set of tests catches says how much its verdicts
 * are worth. Some slips change nothing that a test could see; no program can tell which.
 */
import type { Problem } from "../format/Problem.ts"

export interface Mutant {
  readonly code: string
  /** What was changed, and in which line: `line 3: < to <=`. */
  readonly slip: string
}

/** All mutants of some code, each once: comparisons, arithmetic, logic, constants one off, and lines left out. */
export const of = (code: string, language: Problem["language"]): ReadonlyArray<Mutant> => {
  const bare = masked(code, language)
  const mutants = new Map<string, Mutant>()
  const add = (start: number, end: number, text: string, slip: string) => {
    const mutant = code.slice(0, start) + text + code.slice(end)
    const line = code.slice(0, start).split("\n").length
    if (mutant !== code && !mutants.has(mutant)) mutants.set(mutant, { code: mutant, slip: `line ${line}: ${slip}` })
  }
  for (const [pattern, replace] of slips) {
    for (const match of bare.matchAll(pattern)) {
      if (head.test(lineAt(bare, match.index))) continue
      const [found] = match
      for (const text of replace(found)) add(match.index, match.index + found.length, text, `${found} to ${text}`)
    }
  }
  for (const { end, start, text } of lines(bare)) {
    if (!droppable(text, language)) continue
    const indent = /^\s*/.exec(text)![0]
    add(start, end, language === "python" ? `${indent}pass` : indent, `left out ${code.slice(start, end).trim()}`)
  }
  return [...mutants.values()]
}

type Slip = readonly [pattern: RegExp, replace: (found: string) => ReadonlyArray<string>]

const swap = (pairs: Readonly<Record<string, string>>) => (found: string) => {
  const to = pairs[found]
  return to === undefined ? [] : [to]
}

// spaces around: `<` alone may also open a type, `-` alone may be a sign
const slips: ReadonlyArray<Slip> = [
  [/(?<= )(<=?|>=?)(?= )/g, swap({ "<": "<=", "<=": "<", ">": ">=", ">=": ">" })],
  [/(?<![=!<>])([=!]==?)(?!=)/g, swap({ "==": "!=", "!=": "==", "===": "!==", "!==": "===" })],
  [/(?<= )[-+*%](?= )/g, swap({ "+": "-", "-": "+", "*": "+", "%": "*" })],
  [/[-+]=(?!=)/g, swap({ "+=": "-=", "-=": "+=" })],
  [/\b(and|or)\b|&&|\|\|/g, swap({ and: "or", or: "and", "&&": "||", "||": "&&" })],
  [/\b(True|False|true|false)\b/g, swap({ True: "False", False: "True", true: "false", false: "true" })],
  [/\bnot (?!in\b)|(?<![!=\w])!(?=[\w(])/g, () => [""]],
  [/(?<![\w.$])\d+(?![\w.])/g, (found) => [String(Number(found) + 1), String(Number(found) - 1)]],
  [/\b(min|max)(?=\()/g, swap({ min: "max", max: "min" })]
]

/** A line that says what there is, and does nothing. */
const head = /^\s*(def|class|import|from|function|interface|type|declare|export)\b|=>\s*\{\s*$/

/** A line that is a statement of its own. */
const droppable = (line: string, language: Problem["language"]): boolean => {
  const text = line.trim()
  if (text === "" || head.test(line) || !closed(text)) return false
  if (language === "python")
    return !/[:,\\]$|^(pass|else|elif|except|finally|try|@|global|nonlocal)\b/.test(text) && !/^[)\]}.]/.test(text)
  return (
    /;$|^(break|continue|return\b.*)$/.test(text) && !/^[)\]}.]|^(const|let|var)\b|^(else|case|default)\b/.test(text)
  )
}

const closed = (text: string): boolean =>
  (["()", "[]", "{}"] as const).every(([open, close]) => text.split(open!).length === text.split(close!).length)

const lineAt = (text: string, index: number): string =>
  text.slice(text.lastIndexOf("\n", index - 1) + 1, (text.indexOf("\n", index) + 1 || text.length + 1) - 1)

const lines = (text: string) => {
  let start = 0
  return text.split("\n").map((line) => {
    const at = { text: line, start, end: start + line.length }
    start = at.end + 1
    return at
  })
}

const texts = {
  python: /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g,
  javascript: /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
}

/** The code with its comments and texts blanked, character for character: no slip is made in them. */
const masked = (code: string, language: Problem["language"]): string =>
  code.replaceAll(texts[language === "python" ? "python" : "javascript"], (found) => {
    const comment = /^(#|\/\/|\/\*|"""|''')/.test(found)
    return found.replaceAll(/[^\n]/g, comment ? " " : "_")
  })
