/**
 * What a constrained reply may look like: a small grammar as a value. It is rendered for the engine, which forbids
 * every other token, and followed here while the reply grows, so that text with only one way on is not generated.
 */

export type Expression =
  | { readonly _tag: "Never" }
  | { readonly _tag: "Empty" }
  | { readonly _tag: "Text"; readonly text: string }
  | CharacterClass
  | { readonly _tag: "Sequence"; readonly head: Expression; readonly tail: Expression }
  | { readonly _tag: "Choice"; readonly options: ReadonlyArray<Expression> }
  | { readonly _tag: "Repeat"; readonly item: Expression; readonly min: number; readonly max: number }
  | { readonly _tag: "Rule"; readonly name: string; readonly body: () => Expression }

/** One character out of many. */
export interface CharacterClass {
  readonly _tag: "Class"
  /** As the engine writes it, for example `[0-9]`. */
  readonly gbnf: string
  readonly test: (character: string) => boolean
  /** Any two members: enough to know that the next character is not decided. */
  readonly samples: readonly [string, string]
}

export const never: Expression = { _tag: "Never" }
export const empty: Expression = { _tag: "Empty" }

export const text = (value: string): Expression => (value === "" ? empty : { _tag: "Text", text: value })

export const characters = (
  gbnf: string,
  test: (character: string) => boolean,
  samples: readonly [string, string]
): Expression => ({ _tag: "Class", gbnf, test, samples })

/** A named part, needed where a shape contains itself. */
export const rule = (name: string, body: () => Expression): Expression => ({ _tag: "Rule", name, body })

const both = (head: Expression, tail: Expression): Expression => {
  if (head._tag === "Never" || tail._tag === "Never") return never
  if (head._tag === "Empty") return tail
  if (tail._tag === "Empty") return head
  if (head._tag === "Text" && tail._tag === "Text") return text(head.text + tail.text)
  if (head._tag === "Text" && tail._tag === "Sequence" && tail.head._tag === "Text")
    return both(text(head.text + tail.head.text), tail.tail)
  if (head._tag === "Sequence") return both(head.head, both(head.tail, tail))
  return { _tag: "Sequence", head, tail }
}

export const sequence = (...parts: ReadonlyArray<Expression>): Expression =>
  parts.reduceRight((tail, head) => both(head, tail), empty)

export const choice = (...options: ReadonlyArray<Expression>): Expression => {
  const possible = options.flatMap((option) =>
    option._tag === "Choice" ? option.options : option._tag === "Never" ? [] : [option]
  )
  return possible.length === 0 ? never : possible.length === 1 ? possible[0]! : { _tag: "Choice", options: possible }
}

export const optional = (item: Expression): Expression => choice(item, empty)

/** `item` must not match the empty text. */
export const repeat = (item: Expression, min = 0, max = Number.POSITIVE_INFINITY): Expression =>
  max <= 0 ? empty : { _tag: "Repeat", item, min, max }
