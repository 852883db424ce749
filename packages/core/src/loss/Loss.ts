/**
 * Losses: operations that judge an output in words. Their value is the judgement; backward, what was said goes to what
 * was judged. A perfect score says nothing, so it costs no backward call.
 */
import * as Effect from "effect/Effect"
import { isImage } from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import { BackwardModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import { together } from "../model/together.ts"
import { JudgePrompt } from "../prompts/Judge.ts"
import * as Prompt from "../prompts/Prompt.ts"
import * as Reply from "../reply/Reply.ts"
import { judged } from "./judged.ts"
import * as Verdict from "./Verdict.ts"

/** Things shown to the judge, by label: question, prediction, reference… Images are shown as images. */
export type Fields<R> = { readonly [label: string]: Variable.Variable<unknown, R> }

const questionOf = Effect.fnUntraced(function* (objective: string, fields: Fields<any>, scored: boolean) {
  const render = yield* JudgePrompt
  const shown = Object.entries(fields)
  return (sample: number): Reply.Question => ({
    purpose: "judge",
    sample,
    messages: Prompt.messages(
      render({
        objective,
        scored,
        fields: shown.map(([label, { value }]) => ({
          label,
          text: isImage(value) ? "[the image below]" : Variable.render(value)
        }))
      }),
      shown.flatMap(([, { value }]) => (isImage(value) ? [value.part] : []))
    )
  })
})

/** A variable shown under two labels is judged once. */
const judgedOnce = <R>(shown: Fields<R>): ReadonlyArray<Variable.Variable<unknown, R>> => [
  ...new Set(Object.values(shown))
]

/**
 * A judgement in words of several fields by one instruction.
 *
 * **Example**
 *
 * ```ts
 * import { Loss, Variable } from "@backprose/core"
 *
 * const loss = Loss.fields("Is the prediction right, given the reference?", {
 *   question: Variable.constant("2 + 2?", "question"),
 *   reference: Variable.constant("4", "right answer"),
 *   prediction: Variable.constant("5", "answer")
 * })
 * ```
 */
export const fields = Effect.fnUntraced(function* <R = never>(
  instruction: string,
  shown: Fields<R>
): Effect.fn.Return<Variable.Variable<string, R>, TextModelError, BackwardModel> {
  const model = yield* BackwardModel
  const question = yield* questionOf(instruction, shown, false)
  const value = yield* Reply.text(model, question(0))
  return judged({ name: "Loss", role: "judgement", value, inputs: judgedOnce(shown), said: value })
})

/**
 * A judgement in words by an objective: "Is the reasoning sound and the answer right? Be concise." It has no way to say
 * that nothing is left to improve; a loop that should end by itself wants `verdict`.
 */
export const text =
  (objective: string) =>
  <R>(
    output: Variable.Variable<unknown, R>
  ): Effect.Effect<Variable.Variable<string, R>, TextModelError, BackwardModel> =>
    fields(objective, { [output.role]: output })

/** How a judge that gives scores is asked. */
export interface VerdictOptions {
  /** How often the judge is asked; the scores are averaged, all feedback is kept. Default 1. */
  readonly samples?: number
}

/** A score from 0 to 1 and feedback, in one structured call. */
export const verdict =
  (objective: string, options: VerdictOptions = {}) =>
  <R>(
    output: Variable.Variable<unknown, R>
  ): Effect.Effect<Variable.Variable<Verdict.Verdict, R>, TextModelError, BackwardModel> =>
    fieldsVerdict(objective, { [output.role]: output }, options)

/** A score and feedback on several fields. */
export const fieldsVerdict = Effect.fnUntraced(function* <R = never>(
  objective: string,
  shown: Fields<R>,
  options: VerdictOptions = {}
): Effect.fn.Return<Variable.Variable<Verdict.Verdict, R>, TextModelError, BackwardModel> {
  const model = yield* BackwardModel
  const question = yield* questionOf(objective, shown, true)
  const samples = Array.from({ length: Math.max(1, options.samples ?? 1) }, (_, sample) => sample)
  const verdicts = yield* together(samples, (sample) =>
    Reply.object(model, question(sample), Verdict.Verdict, "verdict")
  )
  return scored(judgedOnce(shown), Verdict.average(verdicts), "verdict")
})

/**
 * A deterministic check: right or wrong, a number from 0 to 1, or a number with feedback. No model is asked, neither
 * forward nor backward. Fails with `ScoreInvalid` where the score is no number from 0 to 1.
 */
export const verifier =
  <A, E = never, RF = never>(
    check: (value: A) => Verdict.Scored | Effect.Effect<Verdict.Scored, E, RF>,
    role = "verdict of the check"
  ) =>
  <R>(
    output: Variable.Variable<A, R>
  ): Effect.Effect<Variable.Variable<Verdict.Verdict, R>, E | Verdict.ScoreInvalid, RF> =>
    Effect.suspend((): Effect.Effect<Verdict.Scored, E, RF> => {
      const result = check(output.value)
      return Effect.isEffect(result) ? result : Effect.succeed(result)
    }).pipe(
      Effect.flatMap(Verdict.from),
      Effect.map((value) => scored([output], value, role))
    )

const scored = <R>(
  inputs: ReadonlyArray<Variable.Variable<unknown, R>>,
  value: Verdict.Verdict,
  role: string
): Variable.Variable<Verdict.Verdict, R> => {
  const said = value.score >= 1 ? "" : Verdict.words(value)
  return judged({ name: "Loss", role, value, inputs, said, score: value.score })
}

/** A verdict and how much it counts, not negative. */
export type Weighted<R> = readonly [weight: number, loss: Variable.Variable<Verdict.Verdict, R>]

/** Several verdicts as one: the weighted mean of the scores; each loss gives its own feedback, marked with its weight. */
export const weighted = <R>(
  losses: readonly [Weighted<R>, ...ReadonlyArray<Weighted<R>>]
): Variable.Variable<Verdict.Verdict, R> => {
  // all weights 0 is all weights equal
  const total = losses.reduce((sum, [weight]) => sum + weight, 0) || losses.length
  return Variable.applied<Verdict.Verdict, R>({
    value: {
      score: within(losses.reduce((sum, [weight, { value }]) => sum + weight * value.score, 0) / total),
      feedback: losses
        .map(([, { value }]) => value.feedback)
        .filter((said) => said !== "")
        .join("\n\n")
    },
    role: "weighted verdict",
    name: "WeightedLoss",
    inputs: losses.map(([, loss]) => loss),
    pullback: (feedback) =>
      Effect.succeed(
        losses.map(([weight]) => feedback.map((one) => ({ ...one, weight: ((one.weight ?? 1) * weight) / total })))
      )
  })
}

// negative weights would leave the scale
const within = (score: number): number => Math.min(1, Math.max(0, score))
