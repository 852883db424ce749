import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { problems } from "./Problem.ts"
import { strategies } from "./Strategy.ts"
import { ranks, summarise } from "./summary.ts"
import { table } from "./table.ts"
import { trial } from "./trial.ts"

const few = problems.find(({ name }) => name === "few rules")!
const rugged = problems.find(({ name }) => name === "rugged")!
const judge = problems.find(({ name }) => name === "mistaken judge")!
const find = (optimizer: string, selector: string) =>
  strategies.find((one) => one.optimizer === optimizer && one.selector === selector)!

describe("a comparison of optimizers", () => {
  it.effect("no strategy is named twice, and each says something on one problem at least", () =>
    Effect.gen(function* () {
      assert.strictEqual(new Set(strategies.map((one) => `${one.optimizer}/${one.selector}`)).size, strategies.length)
      for (const strategy of strategies) {
        const small = { ...judge, calls: 60 }
        const found = yield* trial(small, strategy, 0)
        assert.isAtLeast(found?.final ?? -1, 0, strategy.optimizer)
      }
    })
  )

  it.effect("the same seed gives the same trial, and a trial counts the calls of all roles", () =>
    Effect.gen(function* () {
      const strategy = find("TGD", "gate")
      const once = yield* trial(few, strategy, 3)
      assert.deepStrictEqual(yield* trial(few, strategy, 3), once)
      // a validation of the seed, and two steps of it, at least
      assert.isAbove(once?.reached ?? 0, 36)
      assert.isAtMost(once?.reached ?? 0, few.calls)
      assert.strictEqual(once?.final, 1)
    })
  )

  it.effect("what comes after the last call that may be made does not count", () =>
    Effect.gen(function* () {
      const all = yield* trial(few, find("TGD", "gate"), 3)
      const cut = yield* trial({ ...few, calls: (all?.reached ?? 0) - 1 }, find("TGD", "gate"), 3)
      assert.isUndefined(cut?.reached)
      assert.isBelow(cut?.final ?? 1, 0.95)
    })
  )

  it.effect("a strategy that needs demonstrations has nothing to do where there is no place for them", () =>
    Effect.gen(function* () {
      const taught = find("Bootstrap, taught", "gate")
      assert.isUndefined(yield* trial(few, taught, 0))
      const found = yield* trial(judge, taught, 0)
      // the teacher is paid, too: one answer a training example
      assert.isAbove(found?.reached ?? 0, 36)
    })
  )

  it.effect("on the rugged problem the gate has what the seed has", () =>
    Effect.gen(function* () {
      const found = yield* trial({ ...rugged, calls: 500 }, find("TGD", "gate"), 0)
      assert.closeTo(found?.final ?? 0, 0.6, 1e-9)
    })
  )
})

describe("a summary", () => {
  it("takes those that did not get there for later than all others", () => {
    const trials = [{ final: 1, reached: 10 }, { final: 1, reached: 30 }, { final: 0.5 }]
    assert.deepInclude(summarise(trials), { seeds: 3, reached: 2, median: 30 })
    assert.isUndefined(summarise([...trials, { final: 0 }, { final: 0 }]).median)
    assert.isUndefined(summarise([...trials, { final: 0 }]).median)
  })

  it("bounds the median by ranks that hold it with 95 % confidence", () => {
    // the sixth and the fifteenth of twenty, as in any table of the sign test
    assert.deepStrictEqual(ranks(20), [5, 14])
    assert.deepStrictEqual(ranks(6), [0, 5])
    assert.deepStrictEqual(ranks(3), [0, 2])
  })

  it("is a row of a table, those who got there most often first", () => {
    const of = (name: string, summary: ReturnType<typeof summarise>) => ({
      problem: few,
      strategy: { ...find("TGD", "gate"), optimizer: name },
      summary
    })
    const rows = table(few, [
      of("late", summarise([{ final: 0 }, { final: 1, reached: 9 }])),
      of(
        "early",
        summarise([
          { final: 1, reached: 8 },
          { final: 1, reached: 9 }
        ])
      )
    ]).split("\n")
    assert.match(rows[4]!, /^\| early .* 2 of 2 .* \| 9 /)
    assert.match(rows[5]!, /^\| late .* 1 of 2 .* \| > 400 /)
  })
})
