/**
 * Momentum by sampling: instead of its latest versions, the optimizer underneath is shown versions of each parameter that
 * are drawn from all that were tried, the better ones more often. What worked long ago is not forgotten, and no two steps
 * look back at the same past. (Scaling Textual Gradients via Sampling-Based Momentum, TSGD-M, arXiv 2506.00400.)
 *
 * Drawn without replacement by the Gumbel-top-k trick, in proportion to exp(score / temperature); all chance is the run's.
 * The paper's scores are those of minibatches; here they are used where a version has no validation score.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Momentum from "./Momentum.ts"
import { type Earlier, Optimizer } from "./Optimizer.ts"

export interface Options {
  /** How many earlier versions are drawn. */
  readonly versions: number
  /** In scores: versions that differ by as much are drawn with odds of 2.7 to 1. Small: the best; large: any. */
  readonly temperature: number
}

const defaults: Options = { versions: 3, temperature: 0.2 }

/** A layer over any optimizer: `SampledMomentum.layer().pipe(Layer.provide(TextualGradientDescent.layer()))`. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, Optimizer> =>
  // everything that was said of each version is remembered, so that those that are drawn come with it
  Momentum.layer({ window: Number.POSITIVE_INFINITY }).pipe(Layer.provide(drawing({ ...defaults, ...options })))

const drawing = ({ temperature, versions }: Options): Layer.Layer<Optimizer, never, Optimizer> =>
  Layer.effect(
    Optimizer,
    Effect.map(Optimizer, (inner) =>
      Optimizer.of({
        ...inner,
        propose: Effect.fnUntraced(function* (request) {
          const current = new Map(request.entries.map(({ name, variable }) => [name, variable.value]))
          const drawn = yield* Effect.forEach(request.earlier, ([name, all]) =>
            Random.withSeed(
              draw(unique(all, current.get(name)), versions, temperature),
              `${request.seed}/past/${request.step}/${request.parent.id}/${request.sample}/${name}`
            ).pipe(Effect.map((some) => [name, some] as const))
          )
          return yield* inner.propose({ ...request, earlier: new Map(drawn), versions, failed: versions })
        })
      })
    )
  )

/** Each version once, the latest knowledge of it, without the one that is to be improved. */
const unique = (all: ReadonlyArray<Earlier>, current: unknown): ReadonlyArray<Earlier> => [
  ...new Map(all.filter(({ value }) => value !== current).map((version) => [version.value, version])).values()
]

const mean = (scores: ReadonlyArray<number>): number | undefined =>
  scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length

/** `k` of the versions, oldest first. One whose score nobody knows counts as the mean of the others. */
const draw = Effect.fnUntraced(function* (versions: ReadonlyArray<Earlier>, k: number, temperature: number) {
  const scores = versions.map(({ minibatch = [], score }) => score ?? mean(minibatch))
  const usual = mean(scores.filter((score) => score !== undefined)) ?? 0
  const keys = yield* Effect.forEach(scores, (score) =>
    Effect.map(Random.next, (u) => {
      // neither end of the interval has a logarithm
      const noise = -Math.log(-Math.log(Math.min(Math.max(u, 1e-12), 1 - 1e-12)))
      return (score ?? usual) / Math.max(temperature, 1e-6) + noise
    })
  )
  const chosen = new Set([...keys.keys()].sort((a, b) => keys[b]! - keys[a]!).slice(0, Math.max(0, k)))
  return versions.filter((_, i) => chosen.has(i))
})
