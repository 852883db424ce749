/**
 * One optimisation step on a minibatch, as the guide writes it, against the shortest time its dependent calls allow and
 * against what TextGrad needs for the same step.
 */
import {
  Backward,
  Generate,
  Loss,
  Models,
  Optimizer,
  Parameter,
  Parameters,
  TextualGradientDescent,
  Variable
} from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import * as Provider from "../server/Provider.ts"
import * as TextGrad from "./TextGrad.ts"

const sizes: Record<Size, { readonly examples: number; readonly latencyMs: number; readonly repeats: number }> = {
  full: { examples: 16, latencyMs: 200, repeats: 7 },
  tiny: { examples: 2, latencyMs: 5, repeats: 1 }
}

// answer, judgement, criticism, new value: each needs the one before
const dependentCalls = 4

/** The texts are those of the step that TextGrad was measured with. */
const step = Effect.fnUntraced(function* (examples: number, run: number) {
  const parameters = Parameters.make({
    instructions: Parameter.text(`Answer step by step (run ${run}).`, { role: "system prompt" })
  })
  const judge = Loss.text("Evaluate the answer, be critical.")
  const losses = yield* Effect.forEach(
    Array.from({ length: examples }, (_, i) => Variable.constant(`question ${run}-${i}`, "question")),
    (question) =>
      Effect.flatMap(Generate.text({ system: parameters.instructions, prompt: question, role: "response" }), judge),
    { concurrency: "unbounded" }
  )
  return yield* Optimizer.step(parameters, yield* Backward.run(losses))
})

const seconds = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    const start = performance.now()
    return Effect.map(effect, () => (performance.now() - start) / 1000)
  })

const run = Effect.fnUntraced(function* (size: Size) {
  const { examples, latencyMs, repeats } = sizes[size]
  const provider = yield* Provider.make
  const layer = TextualGradientDescent.layer().pipe(
    Layer.provideMerge(
      Models.layer({ forward: OpenAi.model("mock", { baseUrl: provider.url }), concurrency: examples })
    )
  )
  const context = yield* Layer.build(layer)
  const timed = (i: number) => Effect.provideContext(seconds(step(examples, i)), context)

  yield* provider.set(latencyMs)
  const cold = yield* timed(0)
  const warm: Array<number> = []
  for (let i = 1; i <= repeats; i++) {
    yield* provider.set(latencyMs)
    warm.push(yield* timed(i))
  }
  const stats = yield* provider.stats
  const theirs = yield* TextGrad.step(provider, { examples, latencyMs, repeats: Math.min(3, repeats) })

  const critical = (dependentCalls * latencyMs) / 1000
  const share = (ours: number, peer: number) => (100 * ours) / peer
  const of = `step on ${examples} examples at ${latencyMs} ms`
  const figures: ReadonlyArray<Figure> = [
    repeated(
      { name: `${of}, over its critical path of ${dependentCalls} calls`, unit: "x", wanted: 1.25 },
      warm.map((one) => one / critical)
    ),
    { name: "  the first step of a process, the same way", unit: "x", measured: cold / critical },
    repeated({ name: "  wall time", unit: "s" }, warm),
    { name: `  wall time, ${theirs.who}`, unit: "s", measured: theirs.seconds },
    { name: "  most calls at once", unit: "at once", measured: stats.maxConcurrent },
    { name: "  calls", unit: "calls", measured: stats.calls },
    { name: `  calls, ${theirs.who}`, unit: "calls", measured: theirs.calls },
    { name: "  tokens in, of TextGrad's", unit: "%", measured: share(stats.tokensIn, theirs.tokensIn), wanted: 60 },
    { name: "  tokens in", unit: "tokens", measured: stats.tokensIn },
    { name: "  JSON Schemas sent beside them", unit: "tokens", measured: stats.schemaTokens },
    { name: `  tokens in, ${theirs.who}`, unit: "tokens", measured: theirs.tokensIn },
    { name: "  tokens out", unit: "tokens", measured: stats.tokensOut },
    { name: `  tokens out, ${theirs.who}`, unit: "tokens", measured: theirs.tokensOut }
  ]
  return figures
})

export const Step: Bench = { name: "step", run }
