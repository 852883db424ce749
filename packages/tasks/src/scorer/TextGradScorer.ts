/**
 * What TextGrad's own string scorers would say of a reply, quirks and all, to compare with its figures: "-75" is 75, "7,5" is 75,
 * "3/4" is 34, and no number is 0. For figures of our own there are `Numeric` and `Letter`.
 */
import { strip } from "./Edges.ts"

// what Python calls a blank, in str.split and in regular expressions
const blank = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
const blanks = new RegExp(`${blank}+`, "u")
const oneBlank = new RegExp(blank, "u")

// what str.isdigit holds for digits besides those that int() reads: superscripts, numbers in circles and so on
const ornaments =
  /[²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]/u

const decimal = /\p{Nd}/u
const isDigit = (char: string) => decimal.test(char) || ornaments.test(char)

/** The value of a digit of any script: they stand in the order of Unicode, ten by ten. */
const valueOf = (digit: string): number => {
  const code = digit.codePointAt(0) ?? 0
  let first = code
  while (decimal.test(String.fromCodePoint(first - 1))) first--
  return (code - first) % 10
}

// int() refuses longer ones
const maximumDigits = 4300

/**
 * `parse_integer_answer`: all digits of the last word that has one, up to its first full stop, as one number; 0 where there is
 * none.
 */
export const parseInteger = (answer: string, options: { readonly onlyFirstLine?: boolean } = {}): bigint => {
  const stripped = strip(answer, oneBlank)
  const text = options.onlyFirstLine === true ? (stripped.split("\n")[0] ?? "") : stripped
  const words = text.split(blanks).filter((word) => [...word].some(isDigit))
  const digits = [...(words.at(-1)?.split(".")[0] ?? "")].filter(isDigit)
  if (digits.length === 0 || digits.length > maximumDigits || digits.some((digit) => !decimal.test(digit))) return 0n
  return BigInt(digits.map(valueOf).join(""))
}

/** `string_based_equality_fn`: 1 where both texts hold the same number, as {@link parseInteger} reads them. */
export const integersEqual = (prediction: string, gold: string): 0 | 1 =>
  parseInteger(prediction) === parseInteger(gold) ? 1 : 0

const lettered = new RegExp(`answer${blank}*:${blank}*([a-d])`, "iu")

/** The letter after the first "Answer:", as it is written. */
export const parseLetter = (reply: string): string | undefined => lettered.exec(reply)?.[1]

/** `eval_string_based`: 1 where the letter after the first "Answer:" is the right one, in capitals. */
export const letterEquals = (reply: string, gold: string): 0 | 1 => (parseLetter(reply) === gold ? 1 : 0)
