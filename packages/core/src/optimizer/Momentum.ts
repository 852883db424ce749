/**
 * Momentum in words: the optimizer underneath is also shown the last versions of each parameter with what was said about
 * them, so that feedback which keeps coming back is answered with a larger change. (TextGrad, arXiv 2406.07496, section 3.3.)
 *
 * The layer remembers what it has seen; its memory lives as long as the layer.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as GradientMap from "../autograd/GradientMap.ts"
import { type Earlier, Optimizer, type ProposalRequest } from "./Optimizer.ts"

export interface Options {
  /** The feedback of how many past steps is shown, each with the version that it was on. */
  readonly window: number
}

const defaults: Options = { window: 3 }

type Memory = ReadonlyMap<string, ReadonlyArray<Earlier>>

/** A layer over any optimizer: `Momentum.layer().pipe(Layer.provide(TextualGradientDescent.layer()))`. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, Optimizer> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const { window } = { ...defaults, ...options }
      const inner = yield* Optimizer
      const memory = yield* Ref.make<Memory>(new Map())
      return Optimizer.of({
        propose: Effect.fnUntraced(function* (request) {
          const past = yield* Ref.get(memory)
          const proposal = yield* inner.propose({ ...request, earlier: merge(request.earlier, past) })
          // a step that failed has not been: what it was shown is not remembered
          yield* Ref.update(memory, (known) => remember(known, request, window))
          return proposal
        })
      })
    })
  )

const remember = (memory: Memory, request: ProposalRequest, window: number): Memory => {
  const next = new Map(memory)
  for (const { name, variable } of request.entries) {
    const feedback = GradientMap.criticism(request.gradients, variable).map(({ text }) => text)
    const versions = [...(next.get(name) ?? []), { value: variable.value, feedback }]
    next.set(name, versions.slice(Math.max(0, versions.length - window)))
  }
  return next
}

/** What the loop knows (scores) and what is remembered here (feedback) of the same version belong together. */
const merge = (known: Memory, past: Memory): Memory => {
  const all = new Map(known)
  for (const [name, steps] of past) {
    const scored = known.get(name) ?? []
    const versions = byValue(steps)
    const score = (value: unknown) => scored.findLast((version) => version.value === value)?.score
    const others = scored.filter(({ value }) => !versions.some((version) => version.value === value))
    all.set(name, [...others, ...versions.map((version) => ({ ...version, score: score(version.value) }))])
  }
  return all
}

/** A version that was criticised in several steps is shown once, with all that was said. */
const byValue = (steps: ReadonlyArray<Earlier>): ReadonlyArray<Earlier> => {
  const versions = new Map<unknown, Earlier>()
  for (const step of steps) {
    const before = versions.get(step.value)
    versions.delete(step.value)
    versions.set(step.value, { ...step, feedback: [...(before?.feedback ?? []), ...step.feedback] })
  }
  return [...versions.values()]
}
