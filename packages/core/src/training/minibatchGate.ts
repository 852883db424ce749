/**
 * The first of two gates: a proposal that does not help where the criticism came from is not worth a validation. Parent
 * and child are compared on the examples that ran for the parent, were answered for the child, and are not shown to one
 * of them as a demonstration; of none, nothing can be said, and the validation decides. (As in GEPA, arXiv 2507.19457,
 * and LLM-AutoDiff, 2501.16673.)
 */

import * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import { rounding } from "../candidate/standings.ts"
import * as Batch from "../evaluation/Batch.ts"
import { within } from "../model/Place.ts"
import type { Evidence } from "../optimizer/Optimizer.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import type { Options } from "./Options.ts"
import type { Emit } from "./State.ts"

/** Why the candidate is turned away, or nothing. */
export const minibatchGate = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(of: {
  readonly task: Task<P, Ex, Output, E, R, RB>
  readonly options: Options
  readonly parameters: P
  readonly candidate: Candidate
  readonly demonstrated: ReadonlyArray<number>
  /** What the minibatch showed of the parent. */
  readonly shown: ReadonlyArray<Evidence>
  readonly step: number
  readonly emit: Emit
}) {
  const { candidate, demonstrated, emit, options, parameters, step, task } = of
  if (options.minibatchGate === "off") return undefined
  // a merge takes from validated candidates what each is best at, and was not made for this minibatch, which may hold
  // nothing that the other is better at: as in GEPA, validation examples decide
  if (candidate.mergedWith !== undefined) return undefined
  const shown = of.shown.filter(({ example }) => !demonstrated.includes(example))
  const outcomes = yield* Batch.run({
    places: shown.map(({ example }) => example),
    one: (place) => Example.differentiable(task, parameters, task.train[place]!, place),
    concurrency: options.concurrency,
    onFailure: options.onFailure,
    onResult: (result) => emit({ _tag: "ExampleEvaluated", step, candidate: candidate.id, split: "train", result })
    // several are tried at once, and may ask the same of the same example; the validation has places of its own
  }).pipe(within(`minibatch of candidate ${candidate.id}`))
  const pairs = shown.flatMap(({ score }, i) => {
    const { error, result } = outcomes[i]!
    return Example.mayPass(error) ? [] : [[score, Example.scoreOf(result) ?? 0] as const]
  })
  if (pairs.length === 0) return undefined
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0) / pairs.length
  const [was, is] = [mean(([before]) => before), mean(([, after]) => after)]
  const passes = is - was > (options.minibatchGate === "notWorse" ? -rounding : rounding)
  return passes ? undefined : `minibatch ${was.toFixed(3)} -> ${is.toFixed(3)}`
})
