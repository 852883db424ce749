import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Generate from "../generate/Generate.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as Task from "../task/Task.ts"
import { blame, choose } from "./parameterChoice.ts"
import * as Trainer from "./Trainer.ts"

const specs = {
  a: Parameter.text("A.", { role: "first" }),
  b: Parameter.text("B.", { role: "second" }),
  c: Parameter.text("C.", { role: "third" })
}
const parameters = Parameters.make(specs)
const all = Parameters.entries(parameters)

/** The scores of the pieces of criticism of each; `undefined`: nobody knows. */
const criticised = (scores: { readonly [name in "a" | "b" | "c"]?: ReadonlyArray<number | undefined> }) =>
  GradientMap.make(
    new Map(
      all.map(({ name, variable }) => [
        variable,
        (scores[name as "a"] ?? []).map((score) => Feedback.make("wrong", { from: "check", score }))
      ])
    )
  )

const chosen = (choice: Trainer.Options["parameters"], gradients: GradientMap.GradientMap, turn: number) =>
  choose(choice, {
    all,
    criticised: all.filter(({ variable }) => GradientMap.criticism(gradients, variable).length > 0),
    blame: (entry) => blame(gradients, entry),
    turn
  }).map(({ name }) => name)

describe("of the criticised parameters there may change", () => {
  const some = criticised({ a: [0], c: [0.5, 0.5] })

  it("all", () => assert.deepStrictEqual(chosen("all", some, 1), ["a", "c"]))

  it("the one whose turn it is, or who comes after", () => {
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4].map((turn) => chosen("roundRobin", some, turn)),
      [["a"], ["c"], ["c"], ["a"], ["c"]]
    )
    assert.deepStrictEqual(chosen("roundRobin", criticised({ b: [0] }), 2), ["b"])
    assert.deepStrictEqual(chosen("roundRobin", criticised({}), 2), [])
  })

  it("the one with the most and worst criticism, whoever's turn it is", () => {
    for (const turn of [0, 1, 2]) {
      assert.deepStrictEqual(chosen("mostBlamed", criticised({ a: [0], b: [0.4, 0.4], c: [0.9, 0.9, 0.9] }), turn), [
        "b"
      ])
      assert.deepStrictEqual(chosen("mostBlamed", criticised({ a: [0.2], b: [undefined], c: [1, 1, 1] }), turn), ["b"])
    }
  })

  it("by turns those that are blamed alike", () => {
    const alike = criticised({ a: [0.1, 0.2], b: [0.9], c: [0.2, 0.1] })
    assert.deepStrictEqual(
      [0, 1, 2, 3].map((turn) => chosen("mostBlamed", alike, turn)),
      [["a"], ["c"], ["c"], ["a"]]
    )
  })

  it("blame counting each piece by its weight", () => {
    const weighty = Feedback.make("wrong", { from: "check", score: 0.5, weight: 3 })
    assert.approximately(blame(GradientMap.make(new Map([[parameters.a, [weighty]]])), all[0]!), 1.5, 1e-12)
  })
})

const two = Task.make({
  name: "two",
  parameters: Parameters.make({
    first: Parameter.text("Shorten the message.", { role: "first instructions" }),
    second: Parameter.text("Answer the message.", { role: "second instructions" })
  }),
  forward: (p, { message }: StudentModel.Example) =>
    Effect.flatMap(
      Generate.text({ system: p.first, prompt: Variable.constant(message, "message"), role: "short message" }),
      (short) => Generate.text({ system: p.second, prompt: short, role: "answer" })
    ),
  metric: (_, { answer, topic }) => ({
    score: 0,
    feedback: `Messages about [${topic}] are answered with [${answer}].`
  }),
  train: StudentModel.task().train
})

describe("a run in which one parameter may change at a time", () => {
  it.effect("goes on to the next with each step, and with each proposal", () =>
    Effect.gen(function* () {
      const changed = Effect.fnUntraced(function* (options: Partial<Trainer.Options>) {
        const { events } = yield* eventsOf(Trainer.fit(two, { ...options, steps: 3 }))
        return of(events, "Proposed").map(({ changes }) => changes.map(({ parameter }) => parameter).join())
      })
      assert.deepStrictEqual(yield* changed({}), ["first,second", "first,second", "first,second"])
      assert.deepStrictEqual(yield* changed({ parameters: "roundRobin" }), ["first", "second", "first"])
      assert.deepStrictEqual((yield* changed({ parameters: "roundRobin", proposals: 2 })).slice(0, 2), [
        "first",
        "second"
      ])
      assert.deepStrictEqual(yield* changed({ parameters: "mostBlamed" }), ["first", "second", "first"])
    }).pipe(
      Effect.provide(Layer.mergeAll(TextualGradientDescent.layer(), Latest.layer)),
      Effect.provide(StudentModel.layer())
    )
  )

  it.effect("never asks an optimizer without gradients for one that no wrong example used, as long as one did", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "desks",
        parameters: Parameters.make({
          a: Parameter.text("A", { role: "first" }),
          b: Parameter.text("B", { role: "second" }),
          c: Parameter.text("C", { role: "third" })
        }),
        forward: (p, desk: "a" | "b" | "c") => Effect.succeed(p[desk]),
        // b is always right, a is worse than c
        metric: (_, desk) => ({ score: { a: 0, b: 1, c: 0.5 }[desk], feedback: "no" }),
        train: ["a", "b", "c", "b"]
      })
      const asked = Effect.fnUntraced(function* (options: Partial<Trainer.Options>, of: typeof task = task) {
        const names: Array<string> = []
        const optimizer = Layer.succeed(Optimizer, {
          differentiates: false,
          propose: ({ entries }) =>
            Effect.sync(() => {
              names.push(entries.map(({ name }) => name).join())
              return {
                values: new Map(entries.map(({ name, variable }) => [name, variable.value])),
                reasons: new Map()
              }
            })
        })
        yield* eventsOf(Trainer.fit(of, { steps: 3, ...options })).pipe(
          Effect.provide([optimizer, Latest.layer], { local: true })
        )
        return names
      })
      assert.deepStrictEqual(yield* asked({ parameters: "roundRobin" }), ["a", "c", "c"])
      assert.deepStrictEqual(yield* asked({ parameters: "mostBlamed" }), ["a", "a", "a"])
      assert.deepStrictEqual(yield* asked({}), ["a,b,c", "a,b,c", "a,b,c"])
      // where all is right, each in turn: there may be something else to propose
      const right = { ...task, train: ["b", "b"] as const }
      assert.deepStrictEqual(yield* asked({ parameters: "roundRobin" }, right), ["a", "b", "c"])
    })
  )

  it.effect("asks an optimizer without gradients for one at a time too", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const optimizer = Layer.succeed(Optimizer, {
        differentiates: false,
        propose: ({ entries, step }) =>
          Effect.sync(() => {
            asked.push(entries.map(({ name }) => name).join())
            return { values: new Map(entries.map(({ name }) => [name, `${name} ${step}`])), reasons: new Map() }
          })
      })
      yield* eventsOf(Trainer.fit(two, { parameters: "mostBlamed", steps: 4 })).pipe(
        Effect.provide(Layer.mergeAll(optimizer, Latest.layer))
      )
      assert.deepStrictEqual(asked, ["first", "second", "first", "second"])
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})
