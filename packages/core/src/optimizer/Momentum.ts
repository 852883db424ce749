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

type Known = ReadonlyMap<string, ReadonlyArray<Earlier>>

/** For whom a version was criticised: proposals of one step are made at once, and in any order. */
interface Moment {
  readonly step: number
  readonly parent: number
  readonly sample: number
}

type Memory = ReadonlyMap<string, ReadonlyArray<Moment & { readonly version: Earlier }>>

const momentOf = ({ parent, sample, step }: ProposalRequest): Moment => ({ step, parent: parent.id, sample })

const isBeside = (one: Moment, other: Moment): boolean =>
  one.step === other.step && (one.parent !== other.parent || one.sample !== other.sample)

/** A layer over any optimizer: `Momentum.layer().pipe(Layer.provide(TextualGradientDescent.layer()))`. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, Optimizer> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const { window } = { ...defaults, ...options }
      const inner = yield* Optimizer
      const memory = yield* Ref.make<Memory>(new Map())
      return Optimizer.of({
        ...inner,
        propose: Effect.fnUntraced(function* (request) {
          const past = recall(yield* Ref.get(memory), request, window)
          const proposal = yield* inner.propose({
            ...request,
            earlier: merge(request.earlier, past),
            // what is remembered here is of no use where the editor is shown less
            versions: Math.max(window, request.versions ?? 0)
          })
          // a step that failed has not been: what it was shown is not remembered
          yield* Ref.update(memory, (known) => remember(known, request, window))
          return proposal
        })
      })
    })
  )

/** The last versions from before this step. What is proposed beside it may be ready or not, and is no past. */
const recall = (memory: Memory, request: ProposalRequest, window: number): Known => {
  const moment = momentOf(request)
  return new Map(
    [...memory].map(([name, seen]) => {
      const before = seen.filter((one) => !isBeside(one, moment)).map(({ version }) => version)
      return [name, before.slice(Math.max(0, before.length - window))]
    })
  )
}

const remember = (memory: Memory, request: ProposalRequest, window: number): Memory => {
  const next = new Map(memory)
  const moment = momentOf(request)
  const minibatch = request.evidence.length === 0 ? {} : { minibatch: request.evidence.map(({ score }) => score) }
  for (const { name, variable } of request.entries) {
    const seen = next.get(name) ?? []
    // several proposals from the same evidence are one step's worth of criticism
    if (seen.some((one) => isBeside(one, moment) && one.parent === moment.parent)) continue
    const feedback = GradientMap.criticism(request.gradients, variable).map(({ text }) => text)
    const beside = [
      ...seen.filter((one) => isBeside(one, moment)),
      { ...moment, version: { value: variable.value, feedback, ...minibatch } }
    ]
    const before = seen.filter((one) => !isBeside(one, moment))
    next.set(name, [
      ...before.slice(Math.max(0, before.length - window)),
      ...beside.sort((a, b) => a.parent - b.parent)
    ])
  }
  return next
}

/** What the loop knows (scores) and what is remembered here (feedback) of the same version belong together. */
const merge = (known: Known, past: Known): Known => {
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
    const minibatch = [...(before?.minibatch ?? []), ...(step.minibatch ?? [])]
    versions.set(step.value, {
      ...step,
      ...(minibatch.length === 0 ? {} : { minibatch }),
      feedback: [...(before?.feedback ?? []), ...step.feedback]
    })
  }
  return [...versions.values()]
}
