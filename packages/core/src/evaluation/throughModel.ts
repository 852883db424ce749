/** Whatever runs inside asks the forward model through something: a counter, another temperature. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { decorated, type Service } from "../model/Service.ts"
import { TextModel } from "../model/TextModel.ts"

/** Leaves alone what asks no model. */
export const throughModel =
  (through: (model: Service) => Service["complete"]) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.context<R>(), (context) =>
      Option.match(Context.getOption(context as Context.Context<TextModel>, TextModel), {
        onNone: () => effect,
        onSome: (model) =>
          Effect.updateContext(effect, (context: Context.Context<R>) =>
            Context.add(context, TextModel, decorated(model, through(model)))
          )
      })
    )
