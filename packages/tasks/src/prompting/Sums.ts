/**
 * Arithmetic in several steps from a seeded generator: sums, products, and brackets within which a product stands beside a
 * sum. In the style of the task of BIG-Bench Hard (Suzgun et al., arXiv 2210.09261), in a form of our own. Who reckons from
 * left to right is wrong on every one.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { distinct } from "./distinct.ts"
import type { Puzzle } from "./Subject.ts"
import { type Operator, workOut } from "./workOut.ts"

const numbers = (apply: (a: number, b: number) => number) => (a: string, b: string) => `${apply(Number(a), Number(b))}`

const product: Operator = { pattern: /(-?\d+) \* (-?\d+)/, apply: numbers((a, b) => a * b) }

const sum: Operator = {
  pattern: /(-?\d+) ([+-]) (-?\d+)/,
  apply: (a, sign, b) => `${sign === "+" ? Number(a) + Number(b) : Number(a) - Number(b)}`
}

/** A product binds tighter than a sum or a difference. */
export const operators: ReadonlyArray<Operator> = [product, sum]

const number = Effect.map(Random.nextIntBetween(2, 9), String)
const sign = Random.choice(["+", "-"] as const)

const one = Effect.gen(function* () {
  for (;;) {
    const [a, b, c, d, e] = yield* Effect.all([number, number, number, number, number])
    const [first, second] = [yield* sign, yield* sign]
    const brackets = yield* Random.choice([`(${c} ${second} ${d} * ${e})`, `(${d} * ${e} ${second} ${c})`] as const)
    const expression = yield* Random.choice([
      `${a} ${first} ${b} * ${brackets}`,
      `${brackets} ${first} ${a} * ${b}`,
      `${a} * ${brackets} ${first} ${b}`
    ] as const)
    const { value } = workOut(expression, operators)
    if (value !== leftToRight(expression)) return { question: `Compute ${expression}`, answer: value }
  }
})

const leftToRight = (expression: string): string =>
  workOut(expression, [
    {
      pattern: /(-?\d+) ([*+-]) (-?\d+)/,
      apply: (a, word, b) => (word === "*" ? product.apply(a!, b!) : sum.apply(a!, word!, b!))
    }
  ]).value

/** `n` distinct expressions; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  distinct(one, { n, seed, name: "sums" })
