import {
  Beam,
  type Candidate,
  GradientMap,
  Latest,
  Momentum,
  Optimizer,
  OptimizerModel,
  Selector,
  TextualGradientDescent,
  ValidationGate
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Laws } from "../index.ts"

describe("the laws of optimizers hold for", () => {
  it.effect("textual gradient descent", () => Laws.optimizer(TextualGradientDescent.layer(), { runs: 40 }))

  it.effect("momentum over it", () =>
    Laws.optimizer(Momentum.layer().pipe(Layer.provide(TextualGradientDescent.layer())), { runs: 40 })
  )
})

describe("the laws of optimizers catch", () => {
  const optimizer = (propose: (model: OptimizerModel["Service"]) => Optimizer["Service"]["propose"]) =>
    Layer.effect(
      Optimizer,
      Effect.map(OptimizerModel, (model) => ({ propose: propose(model) }))
    )

  const broken = (layer: Parameters<typeof Laws.optimizer>[0]) => Effect.flip(Laws.optimizer(layer))

  it.effect("one that takes whatever the model says", () =>
    Effect.gen(function* () {
      const ask = (model: OptimizerModel["Service"]) =>
        model.complete({ purpose: "optimizer", messages: [], sample: 0 }).pipe(
          Effect.map(({ text }) => text),
          Effect.orElseSucceed(() => "")
        )
      const credulous = optimizer(
        (model) =>
          ({ entries }) =>
            Effect.map(
              Effect.forEach(entries, ({ name }) => Effect.map(ask(model), (text) => [name, text] as const)),
              (values) => ({ values: new Map(values), reasons: new Map() })
            )
      )
      assert.include((yield* broken(credulous)).message, "never taken as a value")
    })
  )

  it.effect("one that changes a parameter without gradient", () =>
    Effect.gen(function* () {
      const meddling = optimizer(
        () => () => Effect.succeed({ values: new Map([["first", "meddled"]]), reasons: new Map() })
      )
      assert.include((yield* broken(meddling)).message, "without a gradient")
    })
  )

  it.effect("one that proposes half", () =>
    Effect.gen(function* () {
      const half = optimizer(() => ({ entries, gradients }) => {
        const [first] = entries.filter(({ variable }) => GradientMap.criticism(gradients, variable).length > 0)
        return Effect.succeed({
          values: new Map(first === undefined ? [] : [[first.name, first.variable.value]]),
          reasons: new Map()
        })
      })
      assert.include((yield* broken(half)).law, "all parameters with a gradient")
    })
  )

  it.effect("one that remembers a step that failed", () =>
    Effect.gen(function* () {
      const remembering = Layer.effect(
        Optimizer,
        Effect.gen(function* () {
          const inner = yield* Optimizer
          let version = 0
          return {
            propose: (request) => {
              const earlier = new Map([["first", [{ value: `version ${version++}`, feedback: [] }]]])
              return inner.propose({ ...request, earlier })
            }
          }
        })
      ).pipe(Layer.provide(TextualGradientDescent.layer()))
      assert.include((yield* broken(remembering)).law, "a failed step changes nothing")
    })
  )

  it.effect("one that rolls dice of its own", () =>
    Effect.gen(function* () {
      let rolls = 0
      const dicing = optimizer(
        () =>
          ({ entries }) =>
            Effect.succeed({
              values: new Map(
                entries.filter(({ name }) => name !== "nested.settings").map(({ name }) => [name, `${rolls++}`])
              ),
              reasons: new Map()
            })
      )
      assert.include((yield* broken(dicing)).message, "expected")
    })
  )
})

describe("the laws of selectors hold for", () => {
  it.effect("latest", () => Laws.selector(Latest.layer))
  it.effect("the validation gate", () => Laws.selector(ValidationGate.layer()))
  it.effect("the strict validation gate", () => Laws.selector(ValidationGate.layer({ accept: "strictGain" })))
})

describe("the laws of selectors catch", () => {
  const gate = (service: Partial<Selector["Service"]>) =>
    Layer.succeed(Selector, {
      evaluates: true,
      select: (pool) => Effect.succeed(pool[0]),
      admit: (_pool, proposed) => Effect.succeed({ accepted: true, reason: "", pool: [proposed] }),
      best: (pool) => pool[0],
      ...service
    })

  const broken = (layer: Parameters<typeof Laws.selector>[0]) => Effect.flip(Laws.selector(layer))

  it.effect("a gate that lets anything through", () =>
    Effect.gen(function* () {
      const error = yield* broken(gate({}))
      assert.include(error.law, "never worse than the seed")
      assert.include(error.message, "Shrunk input")
    })
  )

  it.effect("one that says rejected and keeps it", () =>
    Effect.gen(function* () {
      const lying = gate({
        admit: (_pool, proposed) => Effect.succeed({ accepted: false, reason: "", pool: [proposed] })
      })
      assert.include((yield* broken(lying)).message, "whether the pool holds candidate 1")
    })
  )

  it.effect("one that remembers what it was only asked about", () =>
    Effect.gen(function* () {
      const remembering = Layer.effect(
        Selector,
        Effect.map(Selector, (inner) => {
          let asked = 0
          return {
            ...inner,
            admit: (pool, proposed) =>
              Effect.map(inner.admit(pool, proposed), (admission) => ({ ...admission, reason: `answer ${asked++}` }))
          }
        })
      ).pipe(Layer.provide(ValidationGate.layer()))
      assert.include((yield* broken(remembering)).law, "as if it had not been asked")
    })
  )

  it.effect("one that turns the better away", () =>
    Effect.gen(function* () {
      const sum = (one: Candidate.Candidate) => (one.scores ?? []).reduce<number>((all, score) => all + (score ?? 0), 0)
      const capped = gate({
        admit: (pool, proposed) => {
          const accepted = sum(proposed) >= sum(pool[0]) && proposed.scores?.includes(1) !== true
          return Effect.succeed({ accepted, reason: "", pool: accepted ? [proposed] : pool })
        }
      })
      assert.include((yield* broken(capped)).law, "would be let in with a higher score too")
    })
  )

  it.effect("one that gives up who might be let in", () =>
    Effect.gen(function* () {
      const hasty = Layer.effect(
        Selector,
        Effect.map(Selector, (inner) => ({ ...inner, mayAdmit: () => Effect.succeed(false) }))
      ).pipe(Layer.provide(ValidationGate.layer()))
      assert.include((yield* broken(hasty)).message, "might be let in")
    })
  )

  it.effect("one that extends the same candidate twice at once", () =>
    Effect.gen(function* () {
      const doubling = Layer.effect(
        Selector,
        Effect.map(Selector, (inner) => ({ ...inner, selectMany: (pool) => Effect.succeed([pool[0], pool[0]]) }))
      ).pipe(Layer.provide(ValidationGate.layer()))
      assert.include((yield* broken(doubling)).message, "those to extend at once")
    })
  )

  it.effect("one that loses what it had: the newest of the pool is handed out", () =>
    Effect.gen(function* () {
      const forgetful = Layer.effect(
        Selector,
        Effect.map(Selector, (inner) => ({ ...inner, best: (pool) => pool.at(-1) ?? pool[0] }))
      ).pipe(Layer.provide(Beam.layer()))
      assert.match((yield* broken(forgetful)).law, /never worse than the seed|never gets worse/)
    })
  )

  it.effect("one that hands out what is not in the pool", () =>
    Effect.gen(function* () {
      const elsewhere = gate({ best: (pool) => ({ ...pool[0] }) })
      assert.include((yield* broken(elsewhere)).message, "best candidate")
    })
  )
})
