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
  const wide = (auto: effort.Effort, selector: selectors.Name = "validation-gate") =>
    effort.width(selector, { optimizer: "tgd", auto })

  it("does more with each word", () => {
    const [light, medium, heavy] = effort.names.map((word) => effort.presets[word].steps * wide(word).proposals)
    assert.isBelow(light!, medium!)
    assert.isBelow(medium!, heavy!)
  })

  it("extends several only where several are kept, and never fewer than suits the optimizer", () => {
    assert.strictEqual(wide("heavy").parents, 1)
    assert.strictEqual(wide("heavy", "pareto").parents, 2)
    assert.deepStrictEqual(effort.width("beam", { optimizer: "protegi", auto: "light" }), {
      parents: 2,
      proposals: 4,
      screen: 2
    })
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
