/**
 * Figures as a Markdown table whose columns line up, for the terminal and for docs/benchmarks.md.
 */
import { type Figure, held, type Unit } from "./Figure.ts"

const whole: ReadonlySet<Unit> = new Set(["calls", "tokens", "at once"])

const amount = (value: number, unit: Unit): string => {
  const digits = whole.has(unit) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : unit === "MB" ? 1 : 2
  return `${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`
}

const cells = (figure: Figure): ReadonlyArray<string> => {
  const { measured, min, name, unit, wanted } = figure
  const isHeld = held(figure)
  return [
    name,
    wanted === undefined ? "" : `<= ${amount(wanted, unit)}`,
    amount(measured, unit),
    min === undefined ? "" : amount(min, unit),
    isHeld === undefined ? "" : isHeld ? "yes" : "NO"
  ]
}

const head = ["figure", "wanted", "measured", "best", "held"]

/** One row a figure. */
export const table = (figures: ReadonlyArray<Figure>): string => {
  const rows = figures.map(cells)
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: ReadonlyArray<string>) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n")
}
