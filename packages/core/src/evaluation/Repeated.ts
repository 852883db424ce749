/**
 * One example tried several times, where a model does not always say the same: its score is the mean of those tries, and
 * less of a comparison is luck.
 */
import * as Effect from "effect/Effect"
import { within } from "../model/Place.ts"
import { together } from "../model/together.ts"
import type { Outcome } from "../task/Example.ts"
import { throughModel } from "./throughModel.ts"

export interface Options {
  /** How often each example is tried, at least once. */
  readonly times: number
  /** Of the forward calls; left out, what each call says, or else the model's own. At 0 all tries are alike. */
  readonly temperature?: number | undefined
}

/** Once, as the task asks. */
export const defaults: Options = { times: 1 }

/**
 * The tries of an example as one outcome: the first output, the mean score, and the feedback of the worst. Tries that
 * failed are left out; where all did, so did the example, as the first of them.
 */
export const outcome = <RB, F, E, R>(
  one: Effect.Effect<Outcome<RB, F>, E, R>,
  { temperature, times }: Options
): Effect.Effect<Outcome<RB, F>, E, R> => {
  if (times <= 1 && temperature === undefined) return one
  const samples = Math.max(1, Math.trunc(times) || 1)
  const numbers = Array.from({ length: samples }, (_, i) => i)
  return Effect.map(
    together(
      numbers,
      (i) =>
        one.pipe(
          throughModel(
            (model) => (request) =>
              model.complete(
                request.purpose !== "forward"
                  ? request
                  : {
                      ...request,
                      // a pipeline that samples for itself keeps its own apart
                      sample: request.sample * samples + i,
                      ...(temperature === undefined ? {} : { sampling: { ...request.sampling, temperature } })
                    }
              )
          ),
          samples === 1 ? (alone) => alone : within(`try ${i}`)
        ),
      () => false
    ),
    mean
  )
}

const mean = <RB, F>(outcomes: ReadonlyArray<Outcome<RB, F>>): Outcome<RB, F> => {
  const scored = outcomes.flatMap(({ result }) => (result._tag === "Scored" ? [result] : []))
  const [first] = scored
  if (first === undefined) return outcomes[0]!
  const worst = scored.reduce((low, one) => (one.score < low.score ? one : low))
  const score = scored.reduce((sum, one) => sum + one.score, 0) / scored.length
  return { result: { ...first, score, feedback: worst.feedback }, loss: undefined, error: undefined }
}
