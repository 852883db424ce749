/**
 * The first of two gates: a proposal that does not help where the criticism came from is not worth a validation. Parent
 * and child are compared on the examples that ran for both. (As in GEPA, arXiv 2507.19457, and LLM-AutoDiff, 2501.16673.)
 */

import * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import { rounding } from "../candidate/standings.ts"
import { within } from "../model/Place.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import type * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import { endsTheRun } from "./failures.ts"
import { type Forward, forward } from "./forward.ts"
import type { Options } from "./Options.ts"
import type { Emit } from "./State.ts"

/** Why the candidate is turned away, or nothing. */
export const minibatchGate = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(of: {
  readonly task: Task<P, Ex, Output, E, R, RB>
  readonly options: Options
  readonly parameters: P
  readonly candidate: Candidate
  readonly shown: Forward<RB>
  readonly step: number
  readonly emit: Emit
}) {
  const { candidate, emit, options, parameters, shown, step, task } = of
  if (options.minibatchGate === "off") return undefined
  const examples = shown.results.map(({ index }) => index)
  const after = yield* forward(task, parameters, examples, options, (result) =>
    emit({ _tag: "ExampleEvaluated", step, candidate: candidate.id, split: "train", result })
  ).pipe(
    // several are tried at once, and may ask the same of the same example; the validation has places of its own
    within(`minibatch of candidate ${candidate.id}`),
    Effect.map(({ results }) => results),
    Effect.catch((error) =>
      options.onFailure === "fail" || endsTheRun(error)
        ? Effect.fail(error)
        : Effect.succeed<ReadonlyArray<Example.Result>>([])
    )
  )
  const pairs = shown.results.flatMap((before, i) => {
    const now = after[i]
    return before._tag === "Scored" ? [[before.score, now?._tag === "Scored" ? now.score : 0] as const] : []
  })
  const sum = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0) / Math.max(1, pairs.length)
  const [was, is] = [sum(([before]) => before), sum(([, after]) => after)]
  const passes = is - was > (options.minibatchGate === "notWorse" ? -rounding : rounding)
  return passes ? undefined : `minibatch ${was.toFixed(3)} -> ${is.toFixed(3)}`
})
