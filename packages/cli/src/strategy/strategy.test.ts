import { type Candidate, type Pool, Selector } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as effort from "./effort.ts"
import * as objectives from "./objectives.ts"
import * as optimizers from "./optimizers.ts"
import * as selectors from "./selectors.ts"

describe("--objective", () => {
  it("names what counts and how much, each once", () => {
    assert.deepStrictEqual(objectives.parse("score=0.8,tokens=0.2"), { score: 0.8, tokens: 0.2 })
    assert.deepStrictEqual(objectives.parse(" score = 1 , length=.05 "), { score: 1, length: 0.05 })
    for (const text of [
      "",
      "score",
      "score=",
      "score=-1",
      "score=1,score=2",
      "speed=1",
      "score=0,tokens=0",
      "score=1,"
    ]) {
      assert.isUndefined(objectives.parse(text), text)
    }
  })

  it("is written as it was read", () => {
    for (const text of ["score=0.8,tokens=0.2", "score=1,length=0.05,tokens=2"]) {
      assert.strictEqual(objectives.render(objectives.parse(text)!), text)
    }
  })
})

describe("--auto", () => {
  const sizes = { validation: 10, test: 20 }
  const of = (word: effort.Effort, maxCalls?: number, selector: selectors.Name = "validation-gate") =>
    effort.of(word, { selector, sizes, maxCalls })

  it("does more with each word", () => {
    const [light, medium, heavy] = effort.names.map((word) => of(word))
    assert.isBelow(light!.steps * light!.proposals, medium!.steps * medium!.proposals)
    assert.isBelow(medium!.steps * medium!.proposals, heavy!.steps * heavy!.proposals)
  })

  it("extends several only where several are kept", () => {
    assert.strictEqual(of("heavy").parents, 1)
    assert.strictEqual(of("heavy", undefined, "pareto").parents, 2)
  })

  it("takes as many steps as the calls pay for, one at least", () => {
    // 50 for the tests and the first validation; a step is 12 on the minibatch and 2 proposals of 11
    assert.strictEqual(of("medium", 50 + 4 * 34).steps, 4)
    assert.strictEqual(of("medium", 50 + 5 * 34 - 1).steps, 4)
    assert.strictEqual(of("medium", 10).steps, 1)
    assert.strictEqual(of("medium", 1_000_000).steps, effort.presets.medium.steps)
    // nothing is validated where nothing decides by it
    assert.isAbove(of("medium", 300, "latest").steps, of("medium", 300).steps)
  })
})

describe("--accept", () => {
  it("is for selectors that take by a rule", () => {
    assert.deepStrictEqual(
      selectors.names.filter((name) => !selectors.hasRule(name)),
      ["latest", "pareto"]
    )
  })
})

describe("the weights of --objective", () => {
  const measured = (id: number, score: number, tokens: number): Candidate.Candidate => ({
    id,
    ...(id === 0 ? {} : { parent: 0 }),
    step: id,
    values: {},
    scores: [score],
    objectives: { tokens }
  })

  it.effect("decide which of those that are kept is handed out, whichever selector keeps several", () =>
    Effect.gen(function* () {
      const pool: Pool = [measured(0, 0.975, 4000), measured(1, 0.95, 10)]
      const handedOut = (name: selectors.Name, objectives?: selectors.Deciding["objectives"]) =>
        Effect.map(Selector, (selector) => selector.best(pool).id).pipe(
          Effect.provide(selectors.layer(name, { objectives }), { local: true })
        )
      for (const name of selectors.names.filter(selectors.keepsSeveral)) {
        assert.strictEqual(yield* handedOut(name, { score: 0.2, tokens: 0.8 }), 1, name)
        assert.strictEqual(yield* handedOut(name), 0, name)
      }
    })
  )
})

describe("strategies by name", () => {
  it("each optimizer is suited by a selector that there is", () => {
    assert.deepStrictEqual(Object.keys(optimizers.entries), [...optimizers.names])
    for (const { selector } of Object.values(optimizers.entries)) assert.include(selectors.names, selector)
  })
})
