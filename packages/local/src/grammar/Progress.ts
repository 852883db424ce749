/**
 * Following a reply through its grammar, character by character (derivatives of the expression). Pure and cheap: what
 * it costs is nothing beside one token of a model.
 */
import { choice, type Expression, empty, never, repeat, sequence, text } from "./Expression.ts"

/** Whether the reply may end here. */
export const mayEnd = (expression: Expression): boolean => {
  switch (expression._tag) {
    case "Never":
    case "Text":
    case "Class":
      return false
    case "Empty":
      return true
    case "Sequence":
      return mayEnd(expression.head) && mayEnd(expression.tail)
    case "Choice":
      return expression.options.some(mayEnd)
    case "Repeat":
      return expression.min === 0
    case "Rule":
      return mayEnd(expression.body())
  }
}

const after = (expression: Expression, character: string): Expression => {
  switch (expression._tag) {
    case "Never":
    case "Empty":
      return never
    case "Text":
      return expression.text.startsWith(character) ? text(expression.text.slice(character.length)) : never
    case "Class":
      return expression.test(character) ? empty : never
    case "Sequence": {
      const inHead = sequence(after(expression.head, character), expression.tail)
      return mayEnd(expression.head) ? choice(inHead, after(expression.tail, character)) : inHead
    }
    case "Choice":
      return choice(...expression.options.map((option) => after(option, character)))
    case "Repeat":
      return sequence(
        after(expression.item, character),
        repeat(expression.item, Math.max(0, expression.min - 1), expression.max - 1)
      )
    case "Rule":
      return after(expression.body(), character)
  }
}

/** What is left of the grammar once this text has been written: `Never` when the text does not belong to it. */
export const advance = (expression: Expression, written: string): Expression => {
  let rest = expression
  for (const character of written) rest = after(rest, character)
  return rest
}

const addFirst = (expression: Expression, into: Set<string>): void => {
  switch (expression._tag) {
    case "Never":
    case "Empty":
      return
    case "Text":
      into.add(String.fromCodePoint(expression.text.codePointAt(0)!))
      return
    case "Class":
      for (const sample of expression.samples) into.add(sample)
      return
    case "Sequence":
      addFirst(expression.head, into)
      if (mayEnd(expression.head)) addFirst(expression.tail, into)
      return
    case "Choice":
      for (const option of expression.options) addFirst(option, into)
      return
    case "Repeat":
      addFirst(expression.item, into)
      return
    case "Rule":
      addFirst(expression.body(), into)
  }
}

export interface Forced {
  /** The only way on, as far as there is only one. */
  readonly text: string
  readonly rest: Expression
  /** Nothing can follow: the reply is whole. */
  readonly ended: boolean
}

/** The text that must come next, whatever the model thinks. */
export const forced = (expression: Expression): Forced => {
  let written = ""
  let rest = expression
  let beforeSpace: Forced | undefined
  for (;;) {
    const first = new Set<string>()
    addFirst(rest, first)
    if (first.size === 0) return { text: written, rest, ended: true }
    if (first.size > 1 || mayEnd(rest)) {
      // models write a word together with the space before it as one token: leave that space to them
      const word = beforeSpace !== undefined && [...first].some((character) => /\p{L}/u.test(character))
      return word ? beforeSpace! : { text: written, rest, ended: false }
    }
    const [character] = first as unknown as readonly [string]
    beforeSpace = character === " " ? { text: written, rest, ended: false } : undefined
    written += character
    rest = after(rest, character)
  }
}
