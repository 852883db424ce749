/**
 * A limit on what a run may use: reserved before a call, so that concurrent calls cannot overshoot it together.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { decorated, type Service } from "../model/Service.ts"
import { BudgetExceeded } from "../model/TextModelError.ts"

export interface Options {
  /** Completions over all roles, a retried one counted once. */
  readonly calls: number
}

/** A decorator for every role of a run: all models it is applied to share the one budget. */
export const limited = ({ calls }: Options): Effect.Effect<(model: Service) => Service> =>
  Effect.map(Ref.make(0), (spent) => {
    const reserve = Effect.flatMap(
      Ref.modify(spent, (n): readonly [number | undefined, number] => (n < calls ? [n, n + 1] : [undefined, n])),
      (taken) =>
        taken === undefined
          ? Effect.fail(
              new BudgetExceeded({
                message: `the budget of ${calls} model calls is used up`,
                of: "calls",
                limit: calls,
                spent: calls
              })
            )
          : Effect.void
    )
    return (model) => decorated(model, (request) => Effect.andThen(reserve, model.complete(request)))
  })
