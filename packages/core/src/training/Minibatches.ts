/**
 * Which examples each step sees: every epoch is the whole training set in an order of its own, cut into minibatches.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** The places of step `step` (from 1) in a set of `size` examples. The same seed always draws the same. */
export const at = Effect.fnUntraced(function* (options: {
  readonly size: number
  readonly batchSize: number
  readonly seed: number
  readonly step: number
}): Effect.fn.Return<ReadonlyArray<number>> {
  const { size, batchSize, seed, step } = options
  const perEpoch = Math.max(1, Math.ceil(size / batchSize))
  const epoch = Math.floor((step - 1) / perEpoch)
  const start = ((step - 1) % perEpoch) * batchSize
  const order = yield* Random.withSeed(Random.shuffle(Array.from({ length: size }, (_, i) => i)), `${seed}/${epoch}`)
  return order.slice(start, start + batchSize)
})
