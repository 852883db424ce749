/** Rows under headings, in columns as wide as they need to be. */
import { displayWidth } from "effect/cli/CliOutput"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"

export const lines = (
  headings: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  style: Style
): ReadonlyArray<string> => {
  const cells = rows.map((row) => row.map(Sanitize.line))
  const widths = headings.map((heading, i) =>
    Math.max(...[heading, ...cells.map((row) => row[i] ?? "")].map(displayWidth))
  )
  const line = (row: ReadonlyArray<string>) =>
    `  ${row.map((cell, i) => cell + " ".repeat(Math.max(0, widths[i]! - displayWidth(cell)))).join("  ")}`.trimEnd()
  return [style.dim(line(headings)), ...cells.map(line)]
}
