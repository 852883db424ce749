/**
 * What folds, optimizers and selectors promise, as checks in one line, for the library's own and for yours. They fail
 * with `LawBroken`, so they run in any test runner.
 */
import type * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Generators from "../generators/Generators.ts"
import * as FoldLaw from "./FoldLaw.ts"
import { type Law, LawBroken } from "./Law.ts"
import * as OptimizerLaw from "./OptimizerLaw.ts"
import * as ProgramLaw from "./ProgramLaw.ts"
import * as SelectorLaw from "./SelectorLaw.ts"

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
  hold(FoldLaw.all, subject, Generators.blueprints(), options)

/**
 * All laws of optimizers, each over generated steps: a parameter without gradient keeps its value; a proposal is whole or
 * a failure; what is invalid, empty, cut or unreadable is never taken; a failed step leaves nothing behind; the same
 * replies and seed give the same run.
 *
 * **Example**
 *
 * ```ts
 * import { TextualGradientDescent } from "@backprose/core"
 * import { Laws } from "@backprose/testing"
 *
 * const test = Laws.optimizer(TextualGradientDescent.layer({ constraints: ["at most 100 words"] }))
 * ```
 */
export const optimizer = (
  subject: OptimizerLaw.Subject,
  options: Generators.CheckOptions = {}
): Effect.Effect<void, LawBroken> => hold(OptimizerLaw.all, subject, OptimizerLaw.steps, options)

/**
 * All laws of selectors, each over generated runs: a pool is never empty and holds only what was accepted; what is
 * extended or handed out is in it; behind a gate nothing worse than the seed is handed out; the same proposals and seed
 * give the same choices.
 */
export const selector = (
  subject: SelectorLaw.Subject,
  options: Generators.CheckOptions = {}
): Effect.Effect<void, LawBroken> => hold(SelectorLaw.all, subject, SelectorLaw.courses, options)

/**
 * The laws of a program of your own, given its forward pass up to the loss or the losses: run twice it gives equal
 * graphs, the backward pass changes nothing, and the gradients are the same at any concurrency. Its models must answer
 * the same question in the same way, as `ScriptedModel.respond` and the student do.
 *
 * **Example**
 *
 * ```ts
 * import { Generate, Loss, Parameter, Parameters } from "@backprose/core"
 * import { Laws, StudentModel } from "@backprose/testing"
 * import { Effect } from "effect"
 *
 * const { instructions } = Parameters.make({
 *   instructions: Parameter.text("Answer the question.", { role: "instructions of the solver" })
 * })
 * const forward = Effect.gen(function* () {
 *   const answer = yield* Generate.text({ system: instructions, prompt: "What is 2 + 2?", role: "answer" })
 *   return yield* Loss.text("Is the answer right?")(answer)
 * })
 * const test = Laws.program(forward).pipe(Effect.provide(StudentModel.layer()))
 * ```
 */
export const program = ProgramLaw.check

const hold = <Subject, Case>(
  laws: ReadonlyArray<Law<Subject, Case>>,
  subject: Subject,
  cases: Arbitrary.Arbitrary<Case>,
  options: Generators.CheckOptions
): Effect.Effect<void, LawBroken> =>
  Effect.forEach(
    laws,
    (law) =>
      Effect.gen(function* () {
        const failure = yield* Generators.check(cases, (on) => Effect.as(law.check(subject, on), true), options)
        if (failure !== undefined) return yield* new LawBroken({ law: law.name, message: failure })
      }),
    { discard: true }
  )
