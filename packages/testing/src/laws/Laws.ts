/**
 * What folds, optimizers and selectors promise, as checks in one line, for the library's own and for yours. They fail
 * with `LawBroken`, so they run in any test runner.
 */
import { Pareto, TextualGradientDescent, ValidationGate } from "@backprose/core"
import type * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Generators from "../generators/Generators.ts"
import * as Course from "./Course.ts"
import * as FoldLaw from "./FoldLaw.ts"
import { type Law, LawBroken } from "./Law.ts"
import * as MergeLaw from "./MergeLaw.ts"
import * as OptimizerLaw from "./OptimizerLaw.ts"
import * as ProgramLaw from "./ProgramLaw.ts"
import * as ProposalLaw from "./ProposalLaw.ts"
import * as RunLaw from "./RunLaw.ts"
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
 * All laws of optimizers, each over generated cases. Of single steps: a parameter without gradient keeps its value; a
 * proposal is whole or a failure; what is invalid, empty, cut or unreadable is never taken. Of proposals from all that a run
 * knows (evidence, earlier versions, candidates, steps, samples): the same request gives the same proposal, also beside
 * others and after one that failed; only slots that were asked for are filled, with values of their schemas; nothing that
 * was given is changed. Merges are idempotent. And those of `run`, behind a strict gate and on a Pareto front.
 *
 * `runs` (default 80) is for each law of a single step; a course of steps stands for four, a setting of whole runs for forty.
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
export const optimizer = Effect.fnUntraced(function* (
  subject: OptimizerLaw.Subject,
  options: Generators.CheckOptions = {}
): Effect.fn.Return<void, LawBroken> {
  const given = { runs: 80, ...options }
  yield* hold(OptimizerLaw.all, subject, OptimizerLaw.steps, given)
  yield* hold(ProposalLaw.all, subject, Course.courses, fewer(4, given))
  yield* hold([MergeLaw.idempotent], subject, MergeLaw.pairs, given)
  yield* run(subject, ValidationGate.layer({ accept: "strictGain" }), given)
  yield* run(subject, Pareto.layer(), given)
})

/**
 * All laws of selectors, each over generated courses of proposals: a pool is never empty and holds only what was accepted;
 * what is extended or handed out is in it; behind a gate nothing worse than the seed is handed out; the same proposals and
 * seed give the same choices. And those of `run`, with textual gradient descent.
 */
export const selector = Effect.fnUntraced(function* (
  subject: SelectorLaw.Subject,
  options: Generators.CheckOptions = {}
): Effect.fn.Return<void, LawBroken> {
  yield* hold(SelectorLaw.all, subject, SelectorLaw.courses, options)
  yield* run(TextualGradientDescent.layer(), subject, options)
})

/**
 * All laws of a whole run with an optimizer and a selector of yours, over generated settings on a small task: the same seed
 * gives the same events at any concurrency; where the selector evaluates, what is handed out is never worse than the seed on
 * the validation set; a budget of calls is never exceeded, and ends the run where the run without it would have gone on; a
 * step in which the critic or the editor fails changes nothing.
 *
 * One setting stands for forty `runs`.
 *
 * **Example**
 *
 * ```ts
 * import { Beam, Reflection } from "@backprose/core"
 * import { Laws } from "@backprose/testing"
 *
 * const test = Laws.run(Reflection.layer(), Beam.layer({ width: 2 }))
 * ```
 */
export const run = (
  optimizer: OptimizerLaw.Subject,
  selector: SelectorLaw.Subject,
  options: Generators.CheckOptions = {}
): Effect.Effect<void, LawBroken> =>
  hold(RunLaw.all, Layer.merge(optimizer, selector), RunLaw.settings, fewer(40, options))

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

/** What costs so many times more is checked so many times less. */
const fewer = (times: number, { runs = 200, ...options }: Generators.CheckOptions): Generators.CheckOptions => ({
  ...options,
  runs: Math.ceil(runs / times)
})

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
        if (failure === undefined) return
        return yield* new LawBroken({ law: law.name, message: `${failure}\nSeed: ${options.seed ?? 0}` })
      }),
    { discard: true }
  )
