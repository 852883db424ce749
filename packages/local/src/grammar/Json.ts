/**
 * The pieces of JSON as grammar: written on one line, with one space after each colon and comma, as models write it.
 */
import { characters, choice, type Expression, empty, optional, repeat, rule, sequence, text } from "./Expression.ts"

const between = (from: string, to: string) => (character: string) => character >= from && character <= to

const digit = characters("[0-9]", between("0", "9"), ["0", "1"])
const positiveDigit = characters("[1-9]", between("1", "9"), ["1", "2"])
const hexadecimal = characters("[0-9a-fA-F]", (character) => /^[0-9a-fA-F]$/.test(character), ["0", "1"])
const plain = characters(
  '[^"\\\\\\x00-\\x1F]',
  (character) => character >= " " && character !== '"' && character !== "\\",
  ["a", "b"]
)
const escape = characters('["\\\\/bfnrt]', (character) => '"\\/bfnrt'.includes(character), ["n", "t"])
const character = rule("character", () =>
  choice(plain, sequence(text("\\"), choice(escape, sequence(text("u"), repeat(hexadecimal, 4, 4)))))
)

/** Any JSON value without parts, exactly as it is. */
export const literal = (value: unknown): Expression => text(JSON.stringify(value))

export const string = (min = 0, max = Number.POSITIVE_INFINITY): Expression =>
  sequence(text('"'), repeat(character, min, max), text('"'))

// more digits than a double can hold are never an answer
const whole = choice(text("0"), sequence(positiveDigit, repeat(digit, 0, 15)))

/** `signed`: whether it may be below zero. */
export const integer = (signed = true): Expression => sequence(signed ? optional(text("-")) : empty, whole)

/** Decimals after a whole number. */
export const decimals = sequence(text("."), repeat(digit, 1, 6))

export const number = (signed = true): Expression => sequence(integer(signed), optional(decimals))

/** One of the whole numbers from `min` to `max`, with decimals where they stay within. */
export const inRange = (min: number, max: number, fractions: boolean): Expression =>
  choice(
    ...Array.from({ length: Math.floor(max) - Math.ceil(min) + 1 }, (_, index) => {
      const value = Math.ceil(min) + index
      const whole = text(String(value))
      return fractions && value >= 0 && value + 1 <= max ? sequence(whole, optional(decimals)) : whole
    })
  )

export const boolean = choice(text("true"), text("false"))
export const nil = text("null")

const list = (open: string, items: Expression, close: string): Expression => sequence(text(open), items, text(close))

/** `first, second, third and onwards`: `prefix` in its order, then `min` to `max` of `item`. */
export const array = (prefix: ReadonlyArray<Expression>, item: Expression, min: number, max: number): Expression => {
  const more = (from: number): Expression => repeat(sequence(text(", "), item), Math.max(0, min - from), max - from)
  const [head, ...others] = prefix
  if (head !== undefined)
    return list("[", sequence(head, ...others.map((other) => sequence(text(", "), other)), more(prefix.length)), "]")
  if (max <= 0) return text("[]")
  const some = sequence(item, more(1))
  return list("[", min === 0 ? optional(some) : some, "]")
}

export interface Field {
  readonly name: string
  readonly value: Expression
  readonly required: boolean
}

const field = ({ name, value }: Field): Expression => sequence(literal(name), text(": "), value)

/** Fields in their order, then any number of `others` (names of their own). */
export const object = (fields: ReadonlyArray<Field>, others: Expression | undefined): Expression => {
  const entry = others && sequence(string(1), text(": "), others)
  const following = entry === undefined ? empty : repeat(sequence(text(", "), entry))
  // what may stand from the field at `index` on, after something already stands there, and at the very beginning
  const rest = (index: number): readonly [after: Expression, first: Expression] => {
    const current = fields[index]
    if (current === undefined) return [following, entry === undefined ? empty : optional(sequence(entry, following))]
    const [after, first] = rest(index + 1)
    const here = field(current)
    const next = sequence(text(", "), here)
    return current.required
      ? [sequence(next, after), sequence(here, after)]
      : [sequence(optional(next), after), choice(sequence(here, after), first)]
  }
  return list("{", rest(0)[1], "}")
}

/** Any JSON at all. */
export const any: Expression = rule("any", () =>
  choice(string(), number(), boolean, nil, array([], any, 0, Number.POSITIVE_INFINITY), object([], any))
)
