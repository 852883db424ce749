import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLinesIn, published } from "../../fixture/published.ts"
import * as WordProblems from "./WordProblems.ts"

/** The numbers of a text, in digits. */
const numbersIn = (text: string) => [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))

/** What words say without digits: three times as old, the two sides of a garden. */
const inWords = [2, 3]

describe("the word problems", () => {
  it.effect("are the same for the same seed, however many are drawn, and others for another", () =>
    Effect.gen(function* () {
      const first = yield* WordProblems.generate(200, 1)
      assert.deepStrictEqual(yield* WordProblems.generate(200, 1), first)
      assert.deepStrictEqual(yield* WordProblems.generate(30, 1), first.slice(0, 30))
      const known = new Set(first.map(({ question }) => question))
      const fresh = (yield* WordProblems.generate(200, 2)).filter(({ question }) => !known.has(question))
      assert.isAbove(fresh.length, 190)
    })
  )

  it.effect("are all distinct, thousands of them, and tell their answer nowhere but in its calculation", () =>
    Effect.gen(function* () {
      const problems = yield* WordProblems.generate(3000, 3)
      assert.strictEqual(new Set(problems.map(({ question }) => question)).size, 3000)
      for (const { question } of problems) {
        assert.notMatch(question, /[{}#]|undefined|NaN|^\s|\s$|\s\s|[a-z]\.[A-Z]/)
        assert.match(question, /\?$/)
      }
    })
  )

  it.effect(
    "are right: each step holds, is made of what is told or was worked out before, and the last is the answer",
    () =>
      Effect.gen(function* () {
        for (const { answer, distractor, question, steps } of yield* WordProblems.generate(1000, 4)) {
          assert.isTrue(steps.length >= 2 && steps.length <= 4, question)
          const told = numbersIn(question)
          // a distractor may be equal to a number that counts, but it is there beside it
          const counting = distractor === undefined ? told : told.toSpliced(told.indexOf(distractor), 1)
          const used = new Set<number>()
          const known = [...counting, ...inWords]
          for (const step of steps) {
            const [, a, operator, b, result] = /^(\d+) ([-+*/]) (\d+) = (\d+)$/.exec(step) ?? assert.fail(step)
            const [left, right] = [Number(a), Number(b)]
            const right_ = { "+": left + right, "-": left - right, "*": left * right, "/": left / right }[
              operator as "+"
            ]
            assert.strictEqual(Number(result), right_, step)
            for (const one of [left, right]) {
              assert.include(known, one, `${question}: ${step}`)
              used.add(one)
            }
            known.push(Number(result))
          }
          assert.strictEqual(known.at(-1), answer)
          for (const number of counting) assert.isTrue(used.has(number), `${number} is idle: ${question}`)
        }
      })
  )

  it.effect(
    "are of each kind about as often, more than half with a number that does not count, and no answer is right by itself",
    () =>
      Effect.gen(function* () {
        const problems = yield* WordProblems.generate(1000, 5)
        const share = (values: ReadonlyArray<unknown>) =>
          [...new Set(values)].map((value) => values.filter((one) => one === value).length / values.length)
        const kinds = share(problems.map(({ question }) => /[^.?]*\?$/.exec(question)?.[0].replace(/[A-Z]\w+/g, "")))
        assert.strictEqual(kinds.length, 10)
        for (const one of kinds) assert.closeTo(one, 0.1, 0.04)
        assert.closeTo(problems.filter(({ distractor }) => distractor !== undefined).length / 1000, 0.6, 0.05)
        assert.isBelow(Math.max(...share(problems.map(({ answer }) => answer))), 0.05)
      })
  )
})

describe("the word problems are our own:", () => {
  const there = isThere(published("gsm8k-dspy"), "no word problem is a row of gsm8k")
  it.effect.skipIf(!there)("none of them is a row of gsm8k, whatever its names and numbers", () =>
    Effect.gen(function* () {
      const plain = (text: string) =>
        text
          .replaceAll(/[A-Z]\w+|\d+/g, "")
          .replaceAll(/[^a-z]+/g, " ")
          .trim()
      const rows = jsonLinesIn<{ readonly input: string }>(published("gsm8k-dspy"))
      assert.isAbove(rows.length, 20)
      const known = new Set(rows.map(({ input }) => plain(input)))
      for (const { question } of yield* WordProblems.generate(1000, 6)) assert.isFalse(known.has(plain(question)))
    })
  )
})
