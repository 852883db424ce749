/**
 * Word problems of grade school from a seeded generator: two to four steps of arithmetic in whole numbers, often with a
 * number that has nothing to do with it. In the style of GSM8K (Cobbe et al., arXiv 2110.14168), with our own words.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { type Operator, type Pattern, patterns } from "./wordPatterns.ts"

/** A word problem with its answer, and how one gets there. */
export interface WordProblem {
  readonly question: string
  readonly answer: number
  /** The calculation, as "14 * 9 = 126"; the last one gives the answer. */
  readonly steps: ReadonlyArray<string>
  /** A number of the question that does not count. */
  readonly distractor: number | undefined
}

const names = ["Ada", "Bruno", "Chiara", "Dmitri", "Esra", "Femke", "Goran", "Hana", "Ilse", "Jonas", "Kemal", "Lucie"]

const calculate: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b
}

/** The calculation with these numbers: results of steps are `#1`, `#2`, … */
const worked = ({ steps }: Pattern, numbers: Readonly<Record<string, number>>) => {
  const results: Array<number> = []
  const value = (term: string | number): number =>
    typeof term === "number" ? term : term.startsWith("#") ? results[Number(term.slice(1)) - 1]! : numbers[term]!
  const shown = steps.map(([left, operator, right]) => {
    const [a, b] = [value(left), value(right)]
    const result = calculate[operator](a, b)
    results.push(result)
    return `${a} ${operator} ${b} = ${result}`
  })
  return { shown, results }
}

const draw = Effect.fnUntraced(function* (ranges: Pattern["numbers"]) {
  const numbers: Record<string, number> = {}
  for (const [slot, [least, most]] of Object.entries(ranges)) {
    numbers[slot] = yield* Random.nextIntBetween(least, most)
  }
  return numbers
})

const fill = (text: string, slots: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (slot, name: string) => String(slots[name] ?? slot))

const one = Effect.gen(function* () {
  const pattern = yield* Random.choice(patterns)
  for (;;) {
    const numbers = yield* draw(pattern.numbers)
    const { results, shown } = worked(pattern, numbers)
    // nothing is shared into halves of a coin, and nothing is left that is less than nothing
    if (!results.every((result) => Number.isInteger(result) && result > 0)) continue
    const [name, other] = (yield* Random.shuffle(names)) as [string, string]
    const [least, most] = pattern.aside.number
    const aside = yield* Random.nextIntBetween(least, most)
    const isThere = (yield* Random.next) < 0.6
    const story = pattern.story.toSpliced(1, 0, ...(isThere ? [pattern.aside.text] : []))
    return {
      question: fill([...story, pattern.asks].join(" "), { ...numbers, name, other, aside }),
      answer: results.at(-1)!,
      steps: shown,
      distractor: isThere ? aside : undefined
    } satisfies WordProblem
  }
})

/** `n` distinct problems (fewer where there are no more: thousands are no problem). The same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<WordProblem>> =>
  Effect.gen(function* () {
    const all = new Map<string, WordProblem>()
    // where nearly all have been drawn, what is left is not worth waiting for
    for (let draws = 0; all.size < n && draws < 100 * n; draws++) {
      const problem = yield* one
      if (!all.has(problem.question)) all.set(problem.question, problem)
    }
    return [...all.values()]
  }).pipe(Random.withSeed(`word problems/${seed}`))
