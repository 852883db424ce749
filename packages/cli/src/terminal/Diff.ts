/**
 * What changed between two texts, line by line, with the words that changed inside a line marked.
 */
import { WordDiff } from "@backprose/core"
import { displayWidth } from "effect/cli/CliOutput"
import type { Style } from "./Style.ts"

type Edits = ReadonlyArray<WordDiff.Edit>
type Paint = (text: string) => string

/** A word, or what stands between two, with how it looks. */
interface Token {
  readonly text: string
  readonly paint: Paint
}

export interface Options {
  readonly style: Style
  /** Letters in a line: a longer one goes on in the next, under its first word. */
  readonly width: number
}

const linesOf = (text: string): ReadonlyArray<string> => text.replace(/\n+$/, "").split("\n")

const plain: Paint = (text) => text

const painted = (line: string, paint: Paint): ReadonlyArray<Token> =>
  WordDiff.words(line).map((text) => ({ text, paint }))

/** One side of a line's word edits, with what only it has marked. */
const side = (edits: Edits, only: "Insert" | "Delete", mark: Paint): ReadonlyArray<Token> =>
  edits
    .filter(({ _tag }) => _tag === "Equal" || _tag === only)
    .flatMap(({ _tag, items }) => items.map((text) => ({ text, paint: _tag === only ? mark : plain })))

/** How much of two lines is the same, 0 to 1: word marks help only where the lines are akin. */
const kinship = (edits: Edits): number => {
  const letters = (tag: string) =>
    edits.filter(({ _tag }) => _tag === tag).reduce((sum, { items }) => sum + items.join("").trim().length, 0)
  const same = letters("Equal")
  const most = Math.max(same + letters("Insert"), same + letters("Delete"))
  return most === 0 ? 0 : same / most
}

/** A line that was replaced by another: whole, or with its changed words marked. */
const replaced = (
  before: string,
  after: string,
  style: Style
): readonly [ReadonlyArray<Token>, ReadonlyArray<Token>] => {
  const edits = WordDiff.diff(WordDiff.words(before), WordDiff.words(after))
  return kinship(edits) < 0.4
    ? [painted(before, style.bad), painted(after, style.good)]
    : [side(edits, "Delete", style.removed), side(edits, "Insert", style.added)]
}

/** Neighbours that look the same are painted at once. */
const paint = (tokens: ReadonlyArray<Token>): string => {
  let [text, at] = ["", 0]
  while (at < tokens.length) {
    const { paint } = tokens[at]!
    const end = tokens.findIndex((token, i) => i > at && token.paint !== paint)
    const run = tokens.slice(at, end < 0 ? tokens.length : end)
    text += paint(run.map((token) => token.text).join(""))
    at += run.length
  }
  return text
}

const isSpace = ({ text }: Token): boolean => text.trim() === ""

/** Tokens in groups that belong on one line: what has no space between. */
const unbroken = (tokens: ReadonlyArray<Token>): ReadonlyArray<ReadonlyArray<Token>> => {
  const groups: Array<Array<Token>> = []
  for (const token of tokens) {
    const last = groups.at(-1)
    if (last === undefined || isSpace(token) || isSpace(last[0]!)) groups.push([token])
    else last.push(token)
  }
  return groups
}

/** Tokens as lines of a width, the first behind a mark. What is longer than a line without a space stays whole. */
const wrapped = (mark: string, tokens: ReadonlyArray<Token>, width: number): ReadonlyArray<string> => {
  const lines: Array<Array<Token>> = [[]]
  let used = 2
  for (const group of unbroken(tokens)) {
    const wide = group.reduce((sum, { text }) => sum + displayWidth(text), 0)
    if (used + wide > width && lines.at(-1)!.length > 0) {
      lines.push([])
      used = 2
      if (isSpace(group[0]!)) continue
    }
    lines.at(-1)!.push(...group)
    used += wide
  }
  return lines.map((line, i) => {
    const end = line.findLastIndex((token) => !isSpace(token)) + 1
    return `${i === 0 ? mark : " "} ${paint(line.slice(0, end))}`.trimEnd()
  })
}

/** The lines of the diff, each marked `- `, `+ ` or two spaces. Texts must be safe for a terminal already. */
export const lines = (before: string, after: string, { style, width }: Options): ReadonlyArray<string> => {
  const edits = WordDiff.diff(linesOf(before), linesOf(after))
  const minus = (line: ReadonlyArray<Token>) => wrapped(style.bad("-"), line, width)
  const plus = (line: ReadonlyArray<Token>) => wrapped(style.good("+"), line, width)
  const shown: Array<string> = []
  for (let i = 0; i < edits.length; i++) {
    const { _tag, items } = edits[i]!
    const next = edits[i + 1]
    if (_tag === "Delete" && next?._tag === "Insert") {
      const pairs = items.slice(0, next.items.length).map((line, at) => replaced(line, next.items[at]!, style))
      const gone = items.slice(pairs.length).map((line) => painted(line, style.bad))
      const come = next.items.slice(pairs.length).map((line) => painted(line, style.good))
      shown.push(...[...pairs.map(([line]) => line), ...gone].flatMap(minus))
      shown.push(...[...pairs.map(([, line]) => line), ...come].flatMap(plus))
      i++
    } else if (_tag === "Equal") shown.push(...items.flatMap((line) => wrapped(" ", painted(line, plain), width)))
    else if (_tag === "Delete") shown.push(...items.flatMap((line) => minus(painted(line, style.bad))))
    else shown.push(...items.flatMap((line) => plus(painted(line, style.good))))
  }
  return shown
}
