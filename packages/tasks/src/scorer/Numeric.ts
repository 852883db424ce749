/**
 * Answers that are numbers, compared as numbers: "Answer: $1,200.00" is 1200, "−3" is -3, "3/4" and "0.75" are the same, "1.5
 * million" and "1.5 × 10^6" are 1500000. Units are not read, and nothing is worked out: "20 - 5" is no number.
 */
import type { Verdict } from "@backprose/core"
import * as FinalAnswer from "./FinalAnswer.ts"

const scales: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9 }

// a minus is a sign only where nothing stands before it that it could be taken from
const sign = "(?<sign>(?<![\\p{L}\\p{N}.)\\]]\\s?)[-−–]\\s?)?"
const separator = "[,\\u00a0\\u2009\\u202f ]"
const whole = `(?:\\d{1,3}(?:${separator}\\d{3})+(?!\\d)|\\d+)`
const number = `${sign}[$£€]?\\s?(?<number>${whole}(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|\\.\\d+)`
// "2/3", and "1 1/2"; a date such as 12/25/1937 is no fraction
const fraction = "(?:\\s?[/⁄]\\s?(?<below>\\d+)(?![\\d/])|\\s(?<above>\\d+)/(?<under>\\d+)(?![\\d/]))?"
const scale = `(?:\\s(?<scale>${Object.keys(scales).join("|")})\\b)?`

const numbers = new RegExp(`${number}${fraction}${scale}`, "gu")

/** A line that is a number with its unit, or ends with one as its result: after an equals sign, a colon, an arrow or "is". */
const result = new RegExp(
  `(?:^|[=:≈→]|\\b(?:is|are))\\s*[[({]*${number}${fraction}${scale}[\\])}]*\\s?%?(?:\\s[\\p{L}]+){0,3}[\\])}.!]*$`,
  "u"
)

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
const raised = (power: string) =>
  [...power]
    .map((sign) => (sign === "⁻" || sign === "−" ? "-" : digits.includes(sign) ? digits.indexOf(sign) : sign))
    .join("")

// 1.5 × 10^6 as people, formulas and programs write it
const powerOfTen =
  /(?<times>\d\s?(?:[×*·xX]|\\times|\\cdot)\s?)?(?<![\d.,])10\s?(?:(?:\^|\*\*)\s?[({]?(?<power>[-−+]?\d+)[)}]?|(?<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))/gu

/** With powers of ten as programs write them: 1.5e6. */
const scientific = (text: string): string =>
  text.replaceAll(powerOfTen, (...found) => {
    const { power, raised: high = "", times } = found.at(-1) as Record<string, string | undefined>
    return `${times?.[0] ?? "1"}e${raised(power ?? high).replace("⁺", "+")}`
  })

const operator = "(?:[-−–+*×·÷/^xX]|\\\\times|\\\\cdot|\\\\div)"
const before = new RegExp(`\\d[)\\]%]*\\s*${operator}\\s*[([$£€]*$`, "u")
const behind = new RegExp(`^[)\\]%]*\\s*${operator}\\s*[-−([$£€]*\\.?\\d`, "u")

/** Whether a number is part of an expression that nobody worked out. */
const isOperand = ({ 0: { length }, index = 0, input = "" }: RegExpMatchArray): boolean =>
  before.test(input.slice(0, index)) || behind.test(input.slice(index + length))

const valueOf = (match: RegExpMatchArray | null | undefined): number | undefined => {
  const groups = match?.groups
  if (groups === undefined) return undefined
  const { above, below, number = "", scale = "", sign, under } = groups
  const base = Number(number.replaceAll(new RegExp(separator, "gu"), ""))
  const part = under === undefined ? 0 : Number(above) / Number(under)
  const value = (base / Number(below ?? 1) + part) * (scales[scale] ?? 1)
  if (!Number.isFinite(value)) return undefined
  // never -0, which equals nothing that is printed
  return sign === undefined || value === 0 ? value : -value
}

/** The number that a text begins with, else the last one in it, behind the last equals sign where it has any. */
const inStatement = (line: string): number | undefined => {
  const text = scientific(line.split(/[=≈→]/u).at(-1) ?? "")
  const all = [...text.matchAll(numbers)]
  const leading = all[0] !== undefined && !/[\p{L}]/u.test(text.slice(0, all[0].index))
  const last = leading ? all[0] : all.at(-1)
  return last === undefined || isOperand(last) ? undefined : valueOf(last)
}

/** The number that a reply gives for its answer; none where it gives none, or was cut before it did. */
export const find = (reply: string): number | undefined => {
  const { line, stated } = FinalAnswer.find(reply)
  return stated ? inStatement(line) : valueOf(result.exec(scientific(line)))
}

/** Numbers that differ by no more than the rounding of a division are the same. */
const same = (a: number, b: number) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b))

/** Whether a reply gives the number of the data set. */
export const score = (reply: string, answer: string): Verdict.Verdict => {
  const said = find(reply)
  const right = inStatement(answer)
  if (said !== undefined && right !== undefined && same(said, right)) return { score: 1, feedback: "" }
  return {
    score: 0,
    feedback:
      said === undefined
        ? `No number can be read as the answer, which is ${answer}. The reply must end with it.`
        : `The answer ${said} is wrong, it must be ${answer}.`
  }
}
