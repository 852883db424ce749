/**
 * One step of reflective optimisation as a whole run makes it: the seed is validated, a minibatch is run, one call writes a
 * new value, which passes the minibatch and is validated. With 16 examples each, 65 calls, five of them dependent.
 */
import { Generate, Models, Parameter, Parameters, Pareto, Reflection, Task, Trainer, Variable } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import * as Provider from "../server/Provider.ts"

interface Rounds {
  readonly examples: number
  readonly latencyMs: number
  /** Steps that are not counted, beside the first: until the JIT has seen the code often enough. */
  readonly warmUp: number
  readonly repeats: number
}

const sizes: Record<Size, Rounds> = {
  full: { examples: 16, latencyMs: 200, warmUp: 3, repeats: 9 },
  tiny: { examples: 2, latencyMs: 5, warmUp: 0, repeats: 1 }
}

/** A validation, a minibatch, a proposal, the minibatch again, a validation again: each needs the one before. */
const dependentCalls = 5

/** What an example is answered with first is half right; whatever another prompt gets is better. */
const taskOf = (examples: number, run: number) => {
  const first = new Map<string, string>()
  const split = (name: string) => Array.from({ length: examples }, (_, i) => `${name} question ${run}-${i}`)
  return Task.make({
    name: "step",
    parameters: Parameters.make({
      instructions: Parameter.text(`Answer step by step (run ${run}).`, { role: "system prompt" })
    }),
    forward: (p, question: string) =>
      Generate.text({ system: p.instructions, prompt: Variable.constant(question, "question"), role: "response" }),
    metric: (answer, question) => {
      const before = first.get(question) ?? answer
      first.set(question, before)
      return answer === before ? { score: 0.5, feedback: "The answer must name its source." } : 0.9
    },
    train: split("train"),
    validation: split("validation")
  })
}

const step = (examples: number, run: number) =>
  Trainer.fit(taskOf(examples, run), { steps: 1, batchSize: examples, minibatchGate: "strictGain" }).pipe(
    Stream.runCollect,
    Effect.map((events) => Array.from(events)),
    // a memory of an optimizer's is that of one run
    Effect.provide([Reflection.layer(), Pareto.layer()], { local: true })
  )

const run = Effect.fnUntraced(function* (size: Size) {
  const { examples, latencyMs, repeats, warmUp } = sizes[size]
  const provider = yield* Provider.make
  const context = yield* Layer.build(
    Models.layer({ forward: OpenAi.model("mock", { baseUrl: provider.url }), concurrency: examples })
  )
  const timed = Effect.fnUntraced(function* (i: number) {
    yield* provider.set(latencyMs)
    const start = performance.now()
    const events = yield* Effect.provideContext(step(examples, i), context)
    const seconds = (performance.now() - start) / 1000
    // a step that ended at a gate would be fast, and no step
    if (!events.some(({ _tag }) => _tag === "Accepted")) return yield* Effect.die("the proposal was not kept")
    return seconds
  })
  const cold = yield* timed(0)
  const warm: Array<number> = []
  for (let i = 1; i <= warmUp + repeats; i++) {
    const seconds = yield* timed(i)
    if (i > warmUp) warm.push(seconds)
  }
  const { calls, maxConcurrent } = yield* provider.stats
  const of = `reflective step on ${examples} examples at ${latencyMs} ms`
  const figures: ReadonlyArray<Figure> = [
    repeated({ name: `${of}, wall time`, unit: "s", wanted: 1.1 }, warm),
    repeated(
      { name: `  over its critical path of ${dependentCalls} calls`, unit: "x" },
      warm.map((one) => (1000 * one) / (dependentCalls * latencyMs))
    ),
    { name: "  wall time of the first step of a process", unit: "s", measured: cold },
    { name: "  calls", unit: "calls", measured: calls },
    { name: "  most calls at once", unit: "at once", measured: maxConcurrent }
  ]
  return figures
})

export const ReflectiveStep: Bench = { name: "reflection", run }
