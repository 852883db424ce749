/**
 * The common cases in one call: one answer improved at test time, given only an objective in words (`solution`); any text
 * improved by trying it (`anything`).
 */
import * as Effect from "effect/Effect"
import * as Backward from "../autograd/Backward.ts"
import type { BackwardError } from "../graph/BackwardError.ts"
import type * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as Verdict from "../loss/Verdict.ts"
import type { BackwardModel, OptimizerModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import { Optimizer, type OptimizerError } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"

export { anything, type Found, type Options as AnythingOptions } from "./Anything.ts"
export type { Evaluate, Tried } from "./artefactTask.ts"
export type { Version as ArtefactVersion } from "./versions.ts"

/** One version of the answer and what was said of it. */
export interface Version {
  readonly value: string
  /** Empty where nobody was asked: the last version is judged only where its score decides what is handed out. */
  readonly judgement: string
  /** 0 to 1, where the loss gives a score. */
  readonly score: number | undefined
}

/** The answer that was chosen, and all versions on the way to it. */
export interface Solution {
  readonly value: string
  /** All versions, the initial one first, each with its judgement (see `Version`). */
  readonly versions: ReadonlyArray<Version>
  /** `done`: nothing was left to improve. `steps`: all updates were made. `failed`: a later step failed, see `failure`. */
  readonly stopped: "done" | "steps" | "failed"
  /** Why it ended early; what was found until then is handed out all the same. */
  readonly failure?: unknown
}

/** How an answer is judged: by an objective in words, or by a loss of your own. */
export type Judged<E, R> =
  | {
      /** What makes it good; the judge reads it. */
      readonly objective: string
      readonly loss?: undefined
    }
  | {
      readonly objective?: undefined
      /** It may ask models on the way. */
      readonly loss: (
        solution: Variable.Variable<string>
      ) => Effect.Effect<Variable.Variable<string | Verdict.Verdict, BackwardModel>, E, R>
    }

/** One answer to improve, and how. */
export type SolutionOptions<E, R> = Judged<E, R> & {
  readonly initial: string
  /** What the answer is for, in words: "answer to the question …". */
  readonly role: string
  /** Updates at most. Default 3, as in the paper. */
  readonly steps?: number
  readonly constraints?: ReadonlyArray<string>
  /**
   * Which version to hand out. `best`, the default: the highest score, the later of equals; `last`; `vote`: the answer most
   * versions give, after `normalise`. For `last` and `vote` the version after the last update is not judged: each update
   * costs a judgement and an edit, and nothing more.
   */
  readonly choose?: "best" | "last" | "vote"
  /** What counts as the same answer in a vote. Default: the trimmed text. */
  readonly normalise?: (value: string) => string
}

type Failure = TextModelError | BackwardError | OptimizerError

/**
 * Improves one answer. Ends early when the judge finds nothing more to improve.
 *
 * **Example**
 *
 * ```ts
 * import { Optimize } from "@backprose/core"
 *
 * const better = Optimize.solution({
 *   initial: "Dear sir, your parcel lost.",
 *   role: "reply to a customer whose parcel is late",
 *   objective: "Friendly, correct English, says what happens next."
 * })
 * ```
 */
export const solution = <E = never, R = never>(
  options: SolutionOptions<E, R>
): Effect.Effect<Solution, Failure | E, R | BackwardModel | OptimizerModel> =>
  Effect.suspend(() => {
    const { choose = "best", steps = 3 } = options
    const loss = (solution: Variable.Variable<string>) =>
      options.loss === undefined ? Loss.verdict(options.objective)(solution) : options.loss(solution)
    const versions: Array<Version> = []
    const descend = Effect.gen(function* () {
      const { role, constraints } = options
      let parameters = Parameters.make({
        solution: Parameter.text(options.initial, { role, ...(constraints === undefined ? {} : { constraints }) })
      })
      for (let step = 0; ; step++) {
        const { value } = parameters.solution
        const isLast = step >= steps
        if (isLast && choose !== "best") {
          versions.push({ value, judgement: "", score: undefined })
          return "steps"
        }
        const judgement: Variable.Variable<string | Verdict.Verdict, BackwardModel> = yield* loss(parameters.solution)
        versions.push({ value, ...read(judgement.value) })
        if (isLast) return "steps"
        const next = yield* Optimizer.step(parameters, yield* Backward.run(judgement))
        if (next.solution.value === value) return "done"
        parameters = next
      }
    })
    const handedOut = (stopped: Solution["stopped"], failure?: Failure | E): Solution => ({
      value: chosen(versions, choose, options.normalise),
      versions,
      stopped,
      ...(failure === undefined ? {} : { failure })
    })
    return descend.pipe(
      Effect.map((stopped) => handedOut(stopped)),
      // what was paid for is not thrown away because a later step failed
      Effect.catch((failure) =>
        versions.length === 0 ? Effect.fail(failure) : Effect.succeed(handedOut("failed", failure))
      ),
      Effect.provide(TextualGradientDescent.layer())
    )
  })

const read = (
  judgement: string | Verdict.Verdict
): { readonly judgement: string; readonly score: number | undefined } =>
  typeof judgement === "string"
    ? { judgement, score: undefined }
    : { judgement: judgement.feedback, score: judgement.score }

const chosen = (
  versions: ReadonlyArray<Version>,
  choose: "best" | "last" | "vote",
  normalise: ((value: string) => string) | undefined
): string => {
  if (choose === "vote")
    return majority(
      versions.map(({ value }) => value),
      normalise
    )
  const best = Math.max(...versions.map(({ score }) => score ?? 0))
  return choose === "last" ? versions.at(-1)!.value : versions.findLast(({ score }) => (score ?? 0) >= best)!.value
}

/** The value that occurs most often after `normalise`; of equals, the one that came first. */
export const majority = (
  values: ReadonlyArray<string>,
  normalise: (value: string) => string = (value) => value.trim()
): string => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(normalise(value), (counts.get(normalise(value)) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return values.find((value) => counts.get(normalise(value)) === most)!
}
