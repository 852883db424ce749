/** Figures as people read them. */
import { type Completion, type Event, type Paired, Spend } from "@backprose/core"

export const score = (value: number): string => value.toFixed(2)

/** A mean with its 95 % interval, and on how many examples. */
export const summary = ({ mean, low, high, n, errors }: Event.Summary): string =>
  `${score(mean)}  (95 % interval ${score(low)}–${score(high)}, n ${n}${errors === 0 ? "" : `, ${errors} failed`})`

/** With its sign, also where it is 0. */
export const signed = (value: number): string => `${value < 0 ? "−" : "+"}${score(Math.abs(value))}`

/** A gain with its 95 % interval, and how probable one as large is by chance. */
export const gain = ({ gain, high, low, p }: Paired.Comparison): string =>
  `${signed(gain)} (${signed(low)} to ${signed(high)}), p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}`

/** 950, 12.3k, 1.20M. */
export const count = (n: number): string =>
  n < 1000 ? `${n}` : n < 99_950 ? `${(n / 1000).toFixed(1)}k` : n < 999_500 ? `${Math.round(n / 1000)}k` : millions(n)

const millions = (n: number): string => `${(n / 1_000_000).toFixed(2)}M`

/** In kilobytes, megabytes or gigabytes of a thousand. */
export const bytes = (n: number): string =>
  n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : n < 1e9 ? `${Math.round(n / 1e6)} MB` : `${(n / 1e9).toFixed(1)} GB`

/** Minutes and seconds; hours where there are any. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => `${n}`.padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** "1 call", "2 calls". */
export const of = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`

/** $12.30, $0.0123, $0.000042. */
export const dollars = (usd: number): string =>
  `$${usd.toFixed(usd === 0 || usd >= 1 ? 2 : Math.min(6, Math.max(4, 2 - Math.floor(Math.log10(usd)))))}`

/** What was spent, in money; `undefined` where nothing costs any. What is not known is said to be so, and is no zero. */
export const money = ({ usd, unpriced }: Spend.Spend): string | undefined => {
  if (unpriced === 0) return usd === 0 ? undefined : dollars(usd)
  return usd === 0 ? "cost unknown" : `more than ${dollars(usd)}`
}

/** Calls, tokens, money, what was lost on the way, and what came from the cache. */
export const cost = (
  usage: Completion.Usage,
  elapsedMs: number,
  spend: Spend.Spend = Spend.none,
  cached = 0
): string => {
  const { calls, inputTokens, cachedInputTokens, outputTokens } = usage
  const known = inputTokens === 0 ? 0 : Math.round((100 * cachedInputTokens) / inputTokens)
  const thousands = (n: number) => n.toLocaleString("en")
  return [
    of(calls, "call"),
    `${thousands(inputTokens)} tokens in${known === 0 ? "" : ` (${known} % cached)`}`,
    `${thousands(outputTokens)} out`,
    money(spend),
    spend.lost === 0 ? undefined : `${of(spend.lost, "request")} lost`,
    cached === 0 ? undefined : `${of(cached, "reply", "replies")} from the cache`,
    duration(elapsedMs)
  ]
    .filter((part) => part !== undefined)
    .join(" · ")
}
