/**
 * The tokens of the forward calls inside an effect, and of no others: what runs beside it is not counted.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { decorated } from "../model/Service.ts"
import { TextModel } from "../model/TextModel.ts"

export interface Tally {
  /** Runs an effect whose forward calls are counted. */
  readonly count: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /**
   * Tokens in and out so far. `undefined` where there were no calls, or where a reply does not say what it used: one from
   * a cache, or of a provider that counts nothing.
   */
  readonly tokens: Effect.Effect<number | undefined>
}

/** A tally at zero. It sees the calls that go through `TextModel`. */
export const make: Effect.Effect<Tally> = Effect.sync(() => {
  let tokens = 0
  let calls = 0
  let silent = 0
  return {
    count: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.flatMap(Effect.context<R>(), (context) =>
        Option.match(Context.getOption(context as Context.Context<TextModel>, TextModel), {
          onNone: () => effect,
          onSome: (model) => {
            const counted = decorated(model, (request) =>
              request.purpose !== "forward"
                ? model.complete(request)
                : Effect.tap(model.complete(request), ({ usage: { inputTokens, outputTokens } }) =>
                    Effect.sync(() => {
                      calls += 1
                      tokens += inputTokens + outputTokens
                      if (inputTokens + outputTokens === 0) silent += 1
                    })
                  )
            )
            return Effect.updateContext(effect, (context: Context.Context<R>) =>
              Context.add(context, TextModel, counted)
            )
          }
        })
      ),
    tokens: Effect.sync(() => (calls === 0 || silent > 0 ? undefined : tokens))
  }
})
