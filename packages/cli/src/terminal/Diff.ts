/**
 * What changed between two texts, line by line, with the words that changed inside a line marked. The one file that knows
 * `effect/TextDiff`, which is experimental.
 */
import * as TextDiff from "effect/TextDiff"
import type { Style } from "./Style.ts"

type Edits<A> = ReadonlyArray<TextDiff.Edit<A>>

const linesOf = (text: string): ReadonlyArray<string> => text.replace(/\n+$/, "").split("\n")

const words = (line: string): ReadonlyArray<string> => line.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

const maxEdits = 4000

/** One side of a line's word edits, with what only it has marked. */
const side = (edits: Edits<string>, only: "Insert" | "Delete", mark: (text: string) => string): string =>
  edits
    .filter(({ _tag }) => _tag === "Equal" || _tag === only)
    .map(({ _tag, items }) => (_tag === only ? mark(items.join("")) : items.join("")))
    .join("")

/** How much of two lines is the same, 0 to 1: word marks help only where the lines are akin. */
const kinship = (edits: Edits<string>): number => {
  const letters = (tag: string) =>
    edits.filter(({ _tag }) => _tag === tag).reduce((sum, { items }) => sum + items.join("").trim().length, 0)
  const same = letters("Equal")
  const most = Math.max(same + letters("Insert"), same + letters("Delete"))
  return most === 0 ? 0 : same / most
}

/** A line that was replaced by another: whole, or with its changed words marked. */
const replaced = (before: string, after: string, style: Style): readonly [string, string] => {
  const edits = TextDiff.diff(words(before), words(after), { maxEdits })
  return kinship(edits) < 0.4
    ? [style.bad(before), style.good(after)]
    : [side(edits, "Delete", style.removed), side(edits, "Insert", style.added)]
}

/** The lines of the diff, each marked `- `, `+ ` or two spaces. Texts must be safe for a terminal already. */
export const lines = (before: string, after: string, style: Style): ReadonlyArray<string> => {
  const edits = TextDiff.diff(linesOf(before), linesOf(after), { maxEdits })
  const shown: Array<string> = []
  for (let i = 0; i < edits.length; i++) {
    const { _tag, items } = edits[i]!
    if (_tag === "Equal") {
      shown.push(...items.map((line) => `  ${line}`.trimEnd()))
      continue
    }
    const next = edits[i + 1]
    if (_tag === "Delete" && next?._tag === "Insert") {
      const pairs = items.slice(0, next.items.length).map((line, at) => replaced(line, next.items[at]!, style))
      const [gone, come] = [items.slice(pairs.length), next.items.slice(pairs.length)]
      shown.push(...pairs.map(([line]) => `${style.bad("-")} ${line}`), ...gone.map((line) => minus(line, style)))
      shown.push(...pairs.map(([, line]) => `${style.good("+")} ${line}`), ...come.map((line) => plus(line, style)))
      i++
    } else shown.push(...items.map((line) => (_tag === "Delete" ? minus(line, style) : plus(line, style))))
  }
  return shown
}

const minus = (line: string, style: Style) => style.bad(`- ${line}`.trimEnd())
const plus = (line: string, style: Style) => style.good(`+ ${line}`.trimEnd())
