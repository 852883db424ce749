/**
 * What the forward calls inside an effect used, and of no others: what runs beside it is not counted.
 */
import * as Effect from "effect/Effect"
import * as Price from "../policy/Price.ts"
import { throughModel } from "./throughModel.ts"

export interface Tally {
  /** Runs an effect whose forward calls are counted. */
  readonly count: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /**
   * Tokens in and out so far. `undefined` where there were no calls, or where a reply does not say what it used: one from
   * a cache, or of a provider that counts nothing.
   */
  readonly tokens: Effect.Effect<number | undefined>
  /** What they cost, in millionths of a US dollar; `undefined` where the tokens or a price are not known. */
  readonly microUsd: Effect.Effect<number | undefined>
}

/** A tally at zero. It sees the calls that go through `TextModel`. */
export const make: Effect.Effect<Tally> = Effect.sync(() => {
  let tokens = 0
  let microUsd: number | undefined = 0
  let calls = 0
  let silent = 0
  const known = <A>(value: () => A) => Effect.sync(() => (calls === 0 || silent > 0 ? undefined : value()))
  return {
    count: throughModel(
      (model) => (request) =>
        request.purpose !== "forward"
          ? model.complete(request)
          : Effect.tap(model.complete(request), ({ usage }) =>
              Effect.map(Price.of(model.identity), (price) => {
                calls += 1
                tokens += usage.inputTokens + usage.outputTokens
                if (usage.inputTokens + usage.outputTokens === 0) silent += 1
                microUsd =
                  price === undefined || microUsd === undefined ? undefined : microUsd + Price.microUsd(price, usage)
              })
            )
    ),
    tokens: known(() => tokens),
    microUsd: known(() => microUsd)
  }
})
