/** An estimate in one line, and what there is to warn of. */
import { Estimate } from "@backprose/core"
import * as Allowance from "../models/Allowance.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"

const range = ({ low, high }: Estimate.Range, show: (n: number) => string): string =>
  show(low) === show(high) ? show(low) : `${show(low)}–${show(high)}`

/** Calls, tokens and dollars; nothing of dollars where nothing costs any, or the price is not known. */
export const lines = (
  estimate: Estimate.Estimate,
  allowance: Allowance.Allowance,
  style: Style
): ReadonlyArray<string> => {
  const { assumed, calls, tokens, usd } = estimate
  const parts = [
    `${range(calls, (n) => n.toLocaleString("en"))} calls`,
    `${range(tokens, Figures.count)} tokens`,
    ...(usd === undefined ? ["cost unknown"] : usd.high === 0 ? [] : [range(usd, Figures.dollars)])
  ]
  const { maxCalls } = allowance
  const short =
    maxCalls !== undefined && maxCalls < calls.high
      ? `the budget may be used up before the run and its last test are done: without retries, ${calls.high.toLocaleString("en")} calls are enough`
      : undefined
  const warning = Estimate.warning(estimate, Allowance.limits(allowance)) ?? short
  return [
    `  ${"estimate".padEnd(14)}${parts.join(" · ")}`,
    ...assumed.map((line) => style.dim(`  ${"".padEnd(14)}${Sanitize.line(line)}`)),
    ...(warning === undefined ? [] : [style.warn(`  ${"".padEnd(14)}${warning}`)])
  ]
}
