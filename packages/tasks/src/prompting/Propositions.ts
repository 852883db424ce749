/**
 * Boolean expressions from a seeded generator, half of them true. In the style of the task of BIG-Bench Hard (Suzgun et al.,
 * arXiv 2210.09261), but longer, so that none is one of theirs.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { distinct } from "./distinct.ts"
import type { Puzzle } from "./Subject.ts"
import { type Operator, workOut } from "./workOut.ts"

const named = (value: boolean) => (value ? "True" : "False")

/** `not` binds tighter than `and`, `and` tighter than `or`. */
export const operators: ReadonlyArray<Operator> = [
  { pattern: /\bnot (True|False)\b/, apply: (a) => named(a === "False") },
  { pattern: /\b(True|False) and (True|False)\b/, apply: (a, b) => named(a === "True" && b === "True") },
  { pattern: /\b(True|False) or (True|False)\b/, apply: (a, b) => named(a === "True" || b === "True") }
]

const anyOf = (words: readonly [string, ...Array<string>]) => Random.choice(words)
const literal = anyOf(["True", "False", "not True", "not False"])
const connective = anyOf(["and", "or"])

const joined = Effect.fnUntraced(function* (terms: ReadonlyArray<string>) {
  const more = yield* Effect.forEach(terms.slice(1), (term) => Effect.map(connective, (word) => `${word} ${term}`))
  return [terms[0], ...more].join(" ")
})

const literals = (n: number) => Effect.replicateEffect(literal, n)

const expression = Effect.gen(function* () {
  const not = yield* anyOf(["", "not "])
  const inBrackets = `${not}( ${yield* joined(yield* literals(3))} )`
  return yield* joined(yield* Random.shuffle([...(yield* literals(3)), inBrackets]))
})

const one = Effect.gen(function* () {
  const wanted = yield* anyOf(["True", "False"])
  for (;;) {
    const text = yield* expression
    const { value } = workOut(text, operators)
    if (value === wanted && text.includes(" and ") && text.includes(" or ")) {
      return { question: `Is this expression True or False? ${text}`, answer: value }
    }
  }
})

/** `n` distinct expressions; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  distinct(one, { n, seed, name: "propositions" })
