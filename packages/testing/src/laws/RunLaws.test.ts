import {
  Beam,
  Latest,
  Optimizer,
  OptimizerError,
  ProposalFailed,
  type ProposalRequest,
  Selector,
  TextualGradientDescent,
  ValidationGate
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Laws } from "../index.ts"

const descent = TextualGradientDescent.layer()
const gate = ValidationGate.layer({ accept: "strictGain" })

type OptimizerLayer = Parameters<typeof Laws.run>[0]
type Propose = Optimizer["Service"]["propose"]

const over = (change: (request: ProposalRequest, propose: Propose) => ReturnType<Propose>): OptimizerLayer =>
  Layer.effect(
    Optimizer,
    Effect.map(Optimizer, ({ propose, ...inner }) => ({ ...inner, propose: (request) => change(request, propose) }))
  ).pipe(Layer.provide(descent))

const selecting = (change: (inner: Selector["Service"]) => Partial<Selector["Service"]>) =>
  Layer.effect(
    Selector,
    Effect.map(Selector, (inner) => ({ ...inner, ...change(inner) }))
  ).pipe(Layer.provide(Beam.layer()))

const broken = (optimizer: OptimizerLayer, selector: Layer.Layer<Selector>) =>
  Effect.flip(Laws.run(optimizer, selector, { runs: 80, seed: 7 }))

describe("the laws of runs", () => {
  it.effect("hold for textual gradient descent behind a gate, and without one", () =>
    Effect.forEach([gate, Latest.layer], (selector) => Laws.run(descent, selector, { runs: 80 }))
  )
})

describe("the laws of runs catch", () => {
  it.effect("dice of one's own, and name the setting and its seed", () =>
    Effect.gen(function* () {
      const dicing = over((request, propose) =>
        Effect.map(propose(request), (proposal) => ({ ...proposal, reasons: new Map([["first", `${Math.random()}`]]) }))
      )
      const error = yield* broken(dicing, gate)
      assert.include(error.law, "with the same seed a run is the same")
      assert.include(error.message, "Shrunk input")
      assert.include(error.message, "Seed: 7")
    })
  )

  it.effect("a memory that depends on who was faster", () =>
    Effect.gen(function* () {
      const racing = Layer.effect(
        Optimizer,
        Effect.map(Optimizer, ({ propose, ...inner }) => {
          let last = ""
          return {
            ...inner,
            propose: (request) =>
              Effect.map(propose(request), (proposal) => {
                const reasons = new Map([...proposal.values.keys()].map((name) => [name, `after ${last}`]))
                last = `${request.step}, ${request.parent.id}, ${request.sample}`
                return { ...proposal, reasons }
              })
          }
        })
      ).pipe(Layer.provide(descent))
      assert.include((yield* broken(racing, Beam.layer())).law, "at any concurrency")
    })
  )

  it.effect("a gate that hands out the latest, whatever it is", () =>
    Effect.gen(function* () {
      const forgetful = selecting(() => ({ best: (pool) => pool.at(-1) ?? pool[0] }))
      assert.include((yield* broken(descent, forgetful)).law, "never worse than the seed")
    })
  )

  it.effect("an optimizer that makes nothing of a budget that is used up", () =>
    Effect.gen(function* () {
      const deaf = over((request, propose) =>
        Effect.orElseSucceed(propose(request), () => ({
          values: new Map(request.entries.map(({ name, variable }) => [name, variable.value])),
          reasons: new Map()
        }))
      )
      assert.include((yield* broken(deaf, gate)).law, "a budget is never exceeded")
    })
  )

  it.effect("an optimizer that puts what it could not propose among the candidates", () =>
    Effect.gen(function* () {
      const pushing = over((request, propose) =>
        Effect.tapError(propose(request), () =>
          Effect.sync(() => (request.candidates as Array<unknown>).push({ ...request.parent, id: 99 }))
        )
      )
      assert.include((yield* broken(pushing, Beam.layer())).law, "a step that fails changes nothing")
    })
  )

  it.effect("an optimizer that dies, and not one that never proposes anything", () =>
    Effect.gen(function* () {
      const dying = over(() => Effect.die("no such thing"))
      assert.instanceOf(yield* broken(dying, gate), Laws.LawBroken)
      const refusing = over(({ entries }) => {
        const reason = new ProposalFailed({ message: "not today" })
        return Effect.fail(new OptimizerError({ parameter: entries[0]!.name, reason }))
      })
      yield* Laws.run(refusing, gate, { runs: 200 })
    })
  )
})
