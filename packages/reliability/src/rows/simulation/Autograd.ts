/** P3: the laws of the backward fold, on graphs at random and on deep ones. */
import { Backward, Feedback, Parameter, Parameters, Variable } from "@backprose/core"
import { type Blueprint, Generators, Laws, Tagged } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import type { Row } from "../../Row.ts"

const graphs = 200
const deep = 10_000

/** The same graph, built in another order: whatever does not depend on each other has changed places. */
const reordered = (blueprint: Blueprint.Blueprint, by: number) => {
  const waiting = blueprint.steps.map((_, step) => step)
  const order: Array<number> = []
  while (waiting.length > 0) {
    const free = waiting.filter((step) => blueprint.steps[step]!.inputs.every((input) => order.includes(input)))
    const next = free[(Hash.string(`${by}/${order.length}`) >>> 0) % free.length]!
    order.push(next)
    waiting.splice(waiting.indexOf(next), 1)
  }
  const place = new Map(order.map((step, i) => [step, i]))
  const at = (step: number) => place.get(step)!
  const other: Blueprint.Blueprint = {
    steps: order.map((step) => ({ ...blueprint.steps[step]!, inputs: blueprint.steps[step]!.inputs.map(at) })),
    roots: blueprint.roots.map(at)
  }
  return { other, order }
}

/** What each step heard, by the numbers of the original graph. */
const heard = Effect.fnUntraced(function* (blueprint: Blueprint.Blueprint, order: ReadonlyArray<number>) {
  const built = Tagged.build(blueprint)
  const gradients = yield* Backward.run(built.roots, { concurrency: 4 })
  const original = (text: string) => text.replaceAll(/\/(\d+)\./g, (_, step) => `/${order[Number(step)]}.`)
  const all = built.variables.map((variable, i): readonly [number, ReadonlyArray<string>] => [
    order[i]!,
    gradients.of(variable).map((one) => (Feedback.isCriticism(one) ? original(one.text) : ""))
  ])
  return all.toSorted(([a], [b]) => a - b)
})

const inAnyOrder = Generators.check(
  Generators.blueprints(),
  Effect.fnUntraced(function* (blueprint: Blueprint.Blueprint) {
    const asItIs = yield* heard(
      blueprint,
      blueprint.steps.map((_, step) => step)
    )
    for (const by of [1, 2, 3]) {
      const { order, other } = reordered(blueprint, by)
      if (!Equal.equals(yield* heard(other, order), asItIs)) return false
    }
    return true
  }),
  { runs: graphs }
)

/** Each operation takes the one before it in so many slots: each must be heard once, and hear each slot once. */
const ladder = Effect.fnUntraced(function* (slots: number) {
  const { start } = Parameters.make({ start: Parameter.text("start", { role: "start" }) })
  const heard: Array<number> = []
  let top: Variable.Variable<string> = start
  for (let level = 0; level < deep; level++) {
    top = Variable.applied<string, never>({
      value: "",
      role: `level ${level}`,
      name: "Level",
      inputs: Array.from({ length: slots }, () => top),
      pullback: (feedback, wanted) =>
        Effect.sync(() => {
          heard.push(feedback.length)
          return wanted.map(() => [Feedback.make(String(level), { from: "level" })])
        })
    })
  }
  const gradients = yield* Backward.run(top)
  // the first hears the objective, all others each slot of the one above
  const once = heard.length === deep && heard.slice(1).every((pieces) => pieces === slots)
  return once && gradients.of(start).length === slots
})

export const autograd: Row = {
  id: "P3",
  title: "feedback is the same in any order of building; an edge counts once; depth overflows nothing",
  wanted: `${graphs}/${graphs} graphs in 3 other orders; 7/7 laws; chain and diamonds of ${deep}: each pullback once`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const moved = yield* inAnyOrder
    const broken: Array<string> = []
    for (const law of Laws.foldLaws) {
      const found = yield* Generators.check(
        Generators.blueprints(),
        (blueprint) => Effect.as(law.check(Backward.run, blueprint), true),
        { runs: graphs }
      )
      if (found !== undefined) broken.push(found)
    }
    const chain = yield* ladder(1)
    const diamonds = yield* ladder(2)
    const laws = Laws.foldLaws.length
    return {
      figure: `${moved === undefined ? `${graphs}/${graphs}` : "not all"} graphs; ${laws - broken.length}/${laws} laws; chain ${chain ? "once" : "NOT"}, diamonds ${diamonds ? "once" : "NOT"}`,
      held: moved === undefined && broken.length === 0 && chain && diamonds,
      details: [...(moved === undefined ? [] : [moved]), ...broken]
    }
  })
}
