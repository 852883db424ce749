/**
 * What all losses share: a judgement of some variables is a variable, and its feedback goes straight to what was judged.
 * The judge already says what would make it better, so no further model call turns the judgement into criticism.
 */
import * as Effect from "effect/Effect"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"

/** @internal */
export const judged = <A, R>(options: {
  readonly name: string
  readonly role: string
  readonly value: A
  readonly inputs: ReadonlyArray<Variable.Variable<unknown, R>>
  /** What was said; nothing where nothing is left to improve. */
  readonly said: string
  readonly score?: number
}): Variable.Variable<A, R> =>
  Variable.applied<A, R>({
    value: options.value,
    role: options.role,
    name: options.name,
    inputs: options.inputs,
    pullback: (feedback) => {
      const weight = feedback.find((one) => one._tag === "Objective")?.weight
      const own = Feedback.make(options.said, { from: options.role, score: options.score, weight })
      // feedback on the judgement itself, where something judged the judge, goes along
      const given = options.said.trim() === "" ? [] : [own, ...feedback.filter(Feedback.isCriticism)]
      return Effect.succeed(options.inputs.map(() => given))
    }
  })
