/**
 * Where a reply says its answer: after "Answer:", in a box, after four marks, in a field `answer` of JSON, or after "the answer
 * is". A reply that says it nowhere may end with it.
 */

export interface FinalAnswer {
  /** Whether the reply says that this is its answer; else it is only how the reply ends. */
  readonly stated: boolean
  /** One line, without mark-up; empty where there is nothing. */
  readonly line: string
  /** From there to the end of the reply, for answers of several lines. */
  readonly rest: string
}

const marked = [/\banswers?(?:\s+(?:is|are))?["'*_`]*\s*[:=]\s*["'*_`]*/giu, /####/gu]

// a sentence that says it in passing counts only where nothing says it plainly
const told = /\b(?:answers?|(?:correct|right|best) (?:option|choice))\b[^\n.:;!?]{0,60}?\b(?:is|are|be)\b["'*_`]*/giu

// the stars between two numbers are a product or a power
const stars = /(?<=\d)\*{1,2}(?=\d)|(?<=[\d)]\s)\*(?=\s[\d(])|(?<mark>\*{1,3})/gu

/** Without mark-up: stars, dollars of formulas, `\text{}`, blanks at either end. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}/g, "$1")
    .replaceAll(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "$1/$2")
    .replaceAll(/\\[()[\],;!]|\{,\}\s?/g, (mark) => (mark.startsWith("{") ? "," : ""))
    .replaceAll(/(?<!\\)\$([^$\s](?:[^$\n]*[^$\s])?)\$/g, "$1")
    .replaceAll(/\\([$%&#_])/g, "$1")
    .replaceAll(stars, (star, mark?: string) => (mark === undefined ? star : ""))
    .replaceAll(/`+|(?<![\p{L}\p{N}])_{1,2}(?=\S)|(?<=\S)_{1,2}(?![\p{L}\p{N}])/gu, "")
    .trim()

/** What the last box holds, with its braces in balance, and where it ends. */
const boxed = (reply: string): { readonly begin: number; readonly text: string } | undefined => {
  const begin = reply.lastIndexOf("\\boxed{")
  if (begin < 0) return undefined
  let depth = 0
  for (let i = begin + "\\boxed".length; i < reply.length; i++) {
    if (reply[i] === "{") depth++
    if (reply[i] === "}") depth--
    if (depth === 0) return { begin, text: reply.slice(begin + "\\boxed{".length, i) }
  }
  return undefined
}

const firstLine = (text: string) => plain(text.split("\n").find((line) => plain(line) !== "") ?? "")

/** What stands after the last place where a cue is; a field of JSON ends where its value does. */
const after = (reply: string, cue: RegExp): { readonly begin: number; readonly text: string } | undefined => {
  const last = [...reply.matchAll(cue)].at(-1)
  if (last === undefined) return undefined
  const begin = last.index + last[0].length
  const rest = reply.slice(begin)
  const [, quote] = /["']\s*:\s*(["']?)$/u.exec(last[0]) ?? []
  if (quote === undefined) return { begin, text: rest }
  const value =
    quote === "" ? /^\s*(?:\[[^\]]*\]|[^,}\n]*)/u : quote === `"` ? /^(?:[^"\\]|\\.)*/u : /^(?:[^'\\]|\\.)*/u
  const text = value.exec(rest)?.[0] ?? ""
  return { begin, text: quote === "" ? text : text.replaceAll("\\n", "\n").replaceAll(/\\(["'])/g, "$1") }
}

/** The last place where a reply says its answer, else its last line. */
export const find = (reply: string): FinalAnswer => {
  const box = boxed(reply)
  const [plainly] = marked.flatMap((cue) => after(reply, cue) ?? []).sort((a, b) => b.begin - a.begin)
  // "Answer: \boxed{4}" is the box
  const said = box !== undefined && box.begin >= (plainly?.begin ?? 0) ? box : (plainly ?? after(reply, told))
  // nothing after a cue: the reply was cut
  if (said !== undefined) return { stated: true, line: firstLine(said.text), rest: said.text.trim() }
  const last = plain(reply.trim().split("\n").at(-1) ?? "")
  return { stated: false, line: last, rest: last }
}
