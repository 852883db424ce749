/**
 * Optimisation by prompting: the editor is shown the versions tried with their scores, in ascending order, and a few cases,
 * and writes one that should score higher. No backward pass. (OPRO, arXiv 2309.03409; the paper's several new versions a
 * step are `proposals` of the run, each asked for as a sample of its own.)
 *
 * It learns from validation scores: behind a selector that does not evaluate it knows but the minibatch's score of the
 * version in use.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mean } from "../candidate/Candidate.ts"
import type { Sampling } from "../model/Request.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import { together } from "../model/together.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import { OutdoPrompt } from "../prompts/Outdo.ts"
import * as NewValue from "./NewValue.ts"
import * as Observation from "./Observation.ts"
import { Optimizer, type ProposalRequest } from "./Optimizer.ts"

export interface Options {
  /** Versions shown at most: the best of them. */
  readonly versions: number
  /** Cases shown at most: half of them wrong ones, as far as there are so many. */
  readonly cases: number
  /** Wishes in words that hold for every parameter, beside the parameter's own. */
  readonly constraints: ReadonlyArray<string>
  /** The paper draws at temperature 1. */
  readonly sampling: Sampling
}

const defaults: Options = { versions: 20, cases: 4, constraints: [], sampling: {} }

/** The layer. All parameters that the minibatch used are asked about at once. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const settings = { ...defaults, ...options }

      const outdo = Effect.fnUntraced(function* (entry: Parameters.Entry, request: ProposalRequest, isAlone: boolean) {
        const render = yield* OutdoPrompt
        const observations = Observation.all(request, entry)
        const scored = versions(entry, request, observations)
        // also those that nobody evaluated to the end
        const tried = (request.earlier.get(entry.name) ?? []).map(({ value }) => NewValue.shown(entry, value))
        const known = new Set([...scored.map(({ value }) => value), ...tried])
        // of several parameters one may be left alone
        if (!isAlone) known.delete(NewValue.shown(entry, entry.variable.value))
        const prompt = render({
          role: entry.variable.role,
          isText: NewValue.isText(entry),
          tried: scored.slice(Math.max(0, scored.length - settings.versions)),
          cases: few(observations, settings.cases),
          constraints: [...entry.origin.constraints, ...settings.constraints]
        })
        return yield* NewValue.ask(model, {
          entry,
          request,
          prompt,
          sampling: settings.sampling,
          refuse: (value) =>
            known.has(NewValue.shown(entry, value))
              ? "this version was tried already; a new one must differ from all of them"
              : undefined
        })
      })

      return Optimizer.of({
        differentiates: false,
        propose: Effect.fnUntraced(function* (request) {
          const used = request.entries.filter((entry) => Observation.all(request, entry).length > 0)
          return NewValue.proposal(yield* together(used, (entry) => outdo(entry, request, used.length === 1)))
        })
      })
    })
  )

/** So many, half of them wrong ones where there are enough of both. */
const few = (observations: ReadonlyArray<Observation.Observation>, most: number) => {
  const right = observations.filter(Observation.isRight).length
  const wrong = Math.min(observations.length - right, Math.max(Math.ceil(most / 2), most - right))
  return Observation.choose(observations, { wrong, right: most - wrong })
}

const average = (scores: ReadonlyArray<number>): number =>
  scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length)

/** Each version once, with the mean of its scores: in ascending order, equals by age. */
const versions = (
  entry: Parameters.Entry,
  request: ProposalRequest,
  observations: ReadonlyArray<Observation.Observation>
): ReadonlyArray<{ readonly value: string; readonly score: number }> => {
  const scores = new Map<string, ReadonlyArray<number>>()
  for (const { score, value } of request.earlier.get(entry.name) ?? []) {
    if (score === undefined) continue
    const text = NewValue.shown(entry, value)
    scores.set(text, [...(scores.get(text) ?? []), score])
  }
  const current = NewValue.shown(entry, entry.variable.value)
  const known = mean(request.parent)
  if (known !== undefined || !scores.has(current)) {
    scores.set(current, known === undefined ? observations.map(({ score }) => score) : [known])
  }
  return [...scores].map(([value, all]) => ({ value, score: average(all) })).sort((a, b) => a.score - b.score)
}
