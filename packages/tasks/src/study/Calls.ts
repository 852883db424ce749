/**
 * How many model calls a trajectory takes: the requests of all three roles, repairs of unreadable replies among them, and
 * attempts behind a retry not. A reply from a journal or a cache counts like any other, so a replayed study says the same.
 */
import { BackwardModel, type ModelRoles, OptimizerModel, TextModel, type TextModelService } from "@backprose/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Runs a trajectory and gives it the number of its calls so far.
 *
 * **Example**
 *
 * ```ts
 * import { Generate } from "@backprose/core"
 * import { Calls, type Reading } from "@backprose/tasks"
 * import { Effect } from "effect"
 *
 * const run = (question: string) =>
 *   Calls.counted((calls) =>
 *     Effect.gen(function* () {
 *       const { value } = yield* Generate.text({ prompt: question, role: "answer" })
 *       return [{ name: "zero-shot", answer: value, calls: yield* calls }] satisfies ReadonlyArray<Reading>
 *     })
 *   )
 * ```
 */
export const counted = <A, E, R>(
  trajectory: (calls: Effect.Effect<number>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | ModelRoles> =>
  Effect.gen(function* () {
    let calls = 0
    const counting = ({ complete, identity, secrets }: TextModelService): TextModelService => ({
      identity,
      secrets,
      complete: (request) =>
        Effect.suspend(() => {
          calls += 1
          return complete(request)
        })
    })
    const roles = Context.empty().pipe(
      Context.add(TextModel, counting(yield* TextModel)),
      Context.add(BackwardModel, counting(yield* BackwardModel)),
      Context.add(OptimizerModel, counting(yield* OptimizerModel))
    )
    return yield* Effect.provideContext(trajectory(Effect.sync(() => calls)), roles)
  })
