import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLinesIn, published } from "../../fixture/published.ts"
import * as Calendars from "./Calendars.ts"
import * as Propositions from "./Propositions.ts"
import type { Puzzle } from "./Subject.ts"
import * as Sums from "./Sums.ts"
import * as Swaps from "./Swaps.ts"
import * as WordLists from "./WordLists.ts"

const generators = {
  "word lists": { generate: WordLists.generate, published: ["bbh-word-sorting", "synthetic-word-sorting"] },
  propositions: { generate: Propositions.generate, published: ["bbh-boolean-expressions"] },
  sums: { generate: Sums.generate, published: ["bbh-multistep-arithmetic-two"] },
  swaps: { generate: Swaps.generate, published: ["bbh-tracking-shuffled-objects-five-objects"] },
  calendars: { generate: Calendars.generate, published: ["bbh-date-understanding"] }
}

/** What is the question itself, without the words around it that could hide that two are the same. */
const core = (question: string): string =>
  question
    .toLowerCase()
    .replace(/^[^:?]*(?:list:|alphabetical order:|from a to z:|true or false\?)/, "")
    .replace(/^compute|=$|\bis$/g, "")
    .replaceAll(/[^a-z0-9+*()-]+/g, " ")
    .trim()

const shares = (values: ReadonlyArray<string>): ReadonlyArray<number> =>
  [...new Set(values)].map((value) => values.filter((one) => one === value).length / values.length)

for (const [name, { generate, published: sets }] of Object.entries(generators)) {
  describe(`the ${name}`, () => {
    it.effect("are the same for the same seed, however many are drawn, and others for another", () =>
      Effect.gen(function* () {
        const first = yield* generate(200, 1)
        assert.deepStrictEqual(yield* generate(200, 1), first)
        assert.deepStrictEqual(yield* generate(30, 1), first.slice(0, 30))
        const known = new Set(first.map(({ question }) => question))
        assert.isAbove((yield* generate(200, 2)).filter(({ question }) => !known.has(question)).length, 180)
      })
    )

    it.effect("are all distinct, a thousand of them, each with an id of its own", () =>
      Effect.gen(function* () {
        const all = yield* generate(1000, 3)
        assert.strictEqual(new Set(all.map(({ question }) => core(question))).size, 1000)
        assert.strictEqual(new Set(all.map(({ id }) => id)).size, 1000)
      })
    )

    for (const set of sets) {
      const there = isThere(published(set), `the ${name} are no rows of ${set}`)
      it.effect.skipIf(!there)(`are no rows of ${set}`, () =>
        Effect.gen(function* () {
          const rows = jsonLinesIn<{ readonly input: string }>(published(set)).map(({ input }) => core(input))
          assert.isAbove(rows.length, 20)
          const known = new Set(rows)
          for (let seed = 0; seed < 5; seed++) {
            for (const { question } of yield* generate(300, seed)) assert.isFalse(known.has(core(question)), question)
          }
        })
      )
    }
  })
}

describe("the word lists", () => {
  it.effect("have two words at least that begin alike, and their answer is the words in order", () =>
    Effect.gen(function* () {
      for (const { answer, question } of yield* WordLists.generate(1000, 4)) {
        const words = question.split(": ")[1]!.split(", ")
        assert.strictEqual(new Set(words).size, words.length)
        assert.strictEqual(answer, [...words].sort((a, b) => a.localeCompare(b, "en")).join(" "))
        assert.notStrictEqual(answer, words.join(" "), "nothing to sort")
        assert.isTrue(shares(words.map((word) => word.slice(0, 2))).length < words.length, question)
      }
    })
  )
})

describe("the propositions and sums", () => {
  it.effect("have answers that none is right by itself", () =>
    Effect.gen(function* () {
      for (const share of shares((yield* Propositions.generate(1000, 4)).map(({ answer }) => answer))) {
        assert.closeTo(share, 0.5, 0.05)
      }
      assert.isBelow(Math.max(...shares((yield* Sums.generate(1000, 4)).map(({ answer }) => answer))), 0.05)
    })
  )
})

/** The lettered options of a question, and the one that is right. */
const options = ({ answer, question }: Puzzle) => {
  const all = [...question.matchAll(/^\(([A-Z])\) (.+)$/gm)].map(([, letter, text]) => ({ letter, text: text! }))
  return { all: all.map(({ text }) => text), right: all.find(({ letter }) => `(${letter})` === answer)!.text }
}

/** Every option is as often right as another. */
const balanced = (puzzles: ReadonlyArray<Puzzle>, count: number) => {
  const found = shares(puzzles.map(({ answer }) => answer))
  assert.strictEqual(found.length, count)
  for (const share of found) assert.closeTo(share, 1 / count, 0.04)
}

describe("the swaps", () => {
  it.effect("end as their story tells, read without knowing how it was made", () =>
    Effect.gen(function* () {
      const all = yield* Swaps.generate(1000, 4)
      balanced(all, 5)
      for (const puzzle of all) {
        const has = new Map([...puzzle.question.matchAll(/(\w+) has the (\w+)/g)].map(([, who, what]) => [who!, what!]))
        assert.strictEqual(has.size, 5)
        const given = new Set(has.values())
        for (const [, a, b] of puzzle.question.matchAll(/(\w+) and (\w+) swap/g)) {
          const [first, second] = [has.get(a!)!, has.get(b!)!]
          has.set(a!, second).set(b!, first)
        }
        const asked = /What does (\w+) have/.exec(puzzle.question)![1]!
        const { all: things, right } = options(puzzle)
        assert.deepStrictEqual(new Set(things), given)
        assert.strictEqual(right, has.get(asked), puzzle.question)
        assert.include(puzzle.why, `${asked} has the ${right}`)
      }
    })
  )
})

describe("the calendars", () => {
  it.effect("end on the day that counting gives, among six different days", () =>
    Effect.gen(function* () {
      const all = yield* Calendars.generate(1000, 4)
      balanced(all, 6)
      const day = 24 * 60 * 60 * 1000
      for (const puzzle of all) {
        const { all: dates, right } = options(puzzle)
        assert.strictEqual(new Set(dates).size, 6)
        const said = /(\d+ [A-Z][a-z]+ \d{4})/.exec(puzzle.question)![1]!
        const told = new Date(`${said} UTC`)
        const on = (pattern: RegExp) => Number(pattern.exec(puzzle.question)?.[1] ?? Number.NaN)
        const count = [
          7 * on(/(\d+) weeks later/),
          -on(/(\d+) days before/),
          on(/(\d+) days later/),
          puzzle.question.startsWith("The day before yesterday") ? 3 : Number.NaN,
          puzzle.question.startsWith("Tomorrow") ? -2 : Number.NaN
        ].find((n) => !Number.isNaN(n))
        const months = on(/after (\d+) months/)
        const expected =
          count !== undefined
            ? new Date(told.getTime() + count * day)
            : Number.isNaN(months)
              ? new Date(Date.UTC(told.getUTCFullYear(), told.getUTCMonth(), 0))
              : new Date(Date.UTC(told.getUTCFullYear(), told.getUTCMonth() + months, told.getUTCDate()))
        assert.strictEqual(right, expected.toISOString().slice(0, 10), puzzle.question)
      }
    })
  )
})
