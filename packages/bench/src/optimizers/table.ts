/** What was compared on one problem, as a Markdown table: those that got there most often first, then the fastest. */
import type { Compared } from "./compare.ts"
import type { Problem } from "./Problem.ts"

const head = ["optimizer", "selector", "got there", "calls to 95 %", "95 % interval", "score at the end"]

const cells = ({ problem, strategy, summary }: Compared): ReadonlyArray<string> => {
  const { final, high, low, median, reached, seeds } = summary
  const more = `> ${problem.calls}`
  return [
    strategy.optimizer,
    strategy.selector,
    `${reached} of ${seeds}`,
    median === undefined ? more : median.toFixed(0),
    low === undefined ? (reached === 0 ? "" : more) : `${low.toFixed(0)} to ${high?.toFixed(0) ?? more}`,
    final.toFixed(3)
  ]
}

const order = (a: Compared, b: Compared): number =>
  b.summary.reached - a.summary.reached ||
  (a.summary.median ?? Number.POSITIVE_INFINITY) - (b.summary.median ?? Number.POSITIVE_INFINITY) ||
  b.summary.final - a.summary.final

/** One row a strategy, under a line that says what the problem is. */
export const table = (problem: Problem, compared: ReadonlyArray<Compared>): string => {
  const rows = [...compared].sort(order).map(cells)
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: ReadonlyArray<string>) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  return [
    `**${problem.name}** (${problem.about}; ${problem.calls} calls)`,
    "",
    line(head),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...rows.map(line)
  ].join("\n")
}
