/**
 * What folds, optimizers and selectors promise, as checks in one line, for the library's own and for yours. They fail
 * with `LawBroken`, so they run in any test runner.
 */
import * as Effect from "effect/Effect"
import * as Generators from "../generators/Generators.ts"
import * as FoldLaw from "./FoldLaw.ts"
import { LawBroken } from "./Law.ts"

export type { Fold } from "./FoldLaw.ts"
export type { Law } from "./Law.ts"
export { LawBroken }

/** The laws of the backward fold one by one, for a property test of each on `Generators.blueprints`. */
export const foldLaws = FoldLaw.all

/**
 * All laws of the backward fold, each over generated graphs.
 *
 * **Example**
 *
 * ```ts
 * import { Backward } from "@backprose/core"
 * import { Laws } from "@backprose/testing"
 *
 * const test = Laws.fold((losses, options) => Backward.run(losses, { concurrency: 2, ...options }))
 * ```
 */
export const fold = (subject: FoldLaw.Fold, options: Generators.CheckOptions = {}): Effect.Effect<void, LawBroken> =>
  Effect.forEach(
    FoldLaw.all,
    (law) =>
      Effect.gen(function* () {
        const failure = yield* Generators.check(
          Generators.blueprints(),
          (blueprint) => Effect.as(law.check(subject, blueprint), true),
          options
        )
        if (failure !== undefined) return yield* new LawBroken({ law: law.name, message: failure })
      }),
    { discard: true }
  )
