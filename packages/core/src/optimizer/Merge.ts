/**
 * Merging: where two good candidates learned different things since they went apart, a step proposes both together, and
 * asks no model for it. (GEPA, arXiv 2507.19457, algorithm 3.) It shows with several parameters, and with a selector that
 * keeps several candidates.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Parameters from "../parameter/Parameters.ts"
import {
  differentiates,
  type Knowledge,
  Optimizer,
  OptimizerError,
  ProposalFailed,
  type ProposalRequest
} from "./Optimizer.ts"
import { type Pair, partner } from "./recombination.ts"

export interface Options {
  /** Merges in a run at most. */
  readonly times: number
}

const defaults: Options = { times: 5 }

/**
 * A layer over any optimizer: `Merge.layer().pipe(Layer.provide(TextualGradientDescent.layer()))`. After a step that
 * brought something better, the first proposal is a merge, where one can be made; else the optimizer underneath proposes.
 */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, Optimizer> => {
  const { times } = { ...defaults, ...options }
  // decided by what the run knows, and by no memory: asked again, it says the same
  const due = ({ candidates, lineage, parent, sample, step }: Knowledge): Pair | undefined => {
    const merges = lineage.filter(({ mergedWith }) => mergedWith !== undefined).length
    const gained = candidates.some((candidate) => candidate.step === step - 1 && candidate.step > 0)
    return sample > 0 || merges >= times || !gained ? undefined : partner(candidates, parent, lineage)
  }
  return Layer.effect(
    Optimizer,
    Effect.map(Optimizer, (inner) =>
      Optimizer.of({
        differentiates:
          inner.differentiates !== false &&
          ((knowledge) => due(knowledge) === undefined && differentiates(inner, knowledge)),
        asks: inner.asks,
        propose: (request) => {
          const pair = due(request)
          return pair === undefined ? inner.propose(request) : proposal(request, pair)
        }
      })
    )
  )
}

const proposal = Effect.fnUntraced(function* ({ parameters, parent }: ProposalRequest, pair: Pair) {
  const values = new Map<string, unknown>()
  const reasons = new Map<string, string>()
  for (const { name, origin } of Parameters.entries(parameters)) {
    const json = pair.values[name]
    if (json === undefined || JSON.stringify(json) === JSON.stringify(parent.values[name])) continue
    const decoded = Parameters.decode(origin, json)
    if (Result.isFailure(decoded)) {
      const reason = new ProposalFailed({ message: `candidate ${pair.other.id} cannot be read: ${decoded.failure}` })
      return yield* new OptimizerError({ parameter: name, reason })
    }
    values.set(name, decoded.success)
    reasons.set(name, `taken from candidate ${pair.other.id}: changed since candidate ${pair.ancestor.id}`)
  }
  return { values, reasons, mergedWith: pair.other.id }
})
