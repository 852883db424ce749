/**
 * Solution optimisation: the model answers, then an examiner doubts the answer and an editor rewrites it, so many times;
 * nobody knows the right one. (TextGrad, arXiv 2406.07496, section 3.2.) An update is two calls, not three: what the
 * examiner says is the feedback.
 */
import {
  Backward,
  type BackwardError,
  type ModelRoles,
  Optimizer,
  type OptimizerError,
  Parameter,
  Parameters,
  ProposePrompt,
  SelfCritique,
  TextModelError,
  TextualGradientDescent,
  Variable
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { Method } from "../study/Study.ts"
import * as Trajectory from "../study/Trajectory.ts"
import type { Question } from "./Question.ts"
import { revisionPrompt } from "./revisionPrompt.ts"
import * as Solution from "./Solution.ts"

/** How often a solution is updated. */
export interface Options extends Partial<Solution.Style> {
  readonly updates: number
}

/** What a trajectory of so many updates takes at most, where no reply has to be repaired. */
export const callsOf = (updates: number): number => 1 + 2 * updates

/**
 * Readings: "zero-shot", "after update 1", …, and "vote of n": what most versions say, the earliest of equals. A version
 * whose answer cannot be read (of free text: a structured one always can) is wrong by itself, goes on being improved, and has
 * no vote. A trajectory that ended early repeats its last version in the vote too, as one that changes nothing any more would.
 */
export const selfCritique = (options: Options): Method<Question, TextModelError.TextModelError, ModelRoles> => {
  const { updates, ...style } = { ...Solution.style, ...options }
  const names = ["zero-shot", ...Array.from({ length: updates }, (_, i) => `after update ${i + 1}`)]
  return {
    name: "self-critique",
    about: `a first answer and ${updates} updates by criticism of its own, then a vote of all versions`,
    run: Effect.fnUntraced(function* (question) {
      const versions = yield* Trajectory.readings(names, (tell) => improve(question, { updates, ...style }, tell))
      const answers = versions.map(({ answer }) => answer)
      const vote = { name: `vote of ${names.length}`, answer: Solution.vote(answers, question) }
      return [...versions, { ...versions.at(-1)!, ...vote }]
    })
  }
}

const improve = Effect.fnUntraced(
  function* (
    question: Question,
    { updates, ...style }: Required<Options>,
    tell: (answer: string) => Effect.Effect<void>
  ) {
    const asked = Variable.constant(question.text, "question")
    const first = yield* Solution.ask(question, style)
    let versions = Parameters.make({
      solution: Parameter.schema(Solution.schema(question, style), first, {
        role: "solution of a question",
        constraints: [Solution.constraint(question, style)]
      })
    })
    yield* tell(Solution.answerOf(first, question))
    for (let update = 0; update < updates; update++) {
      const { solution } = versions
      const judgement = yield* SelfCritique.question(asked, solution)
      versions = yield* Optimizer.step(versions, yield* Backward.run(judgement))
      // an editor that found nothing to change is not asked again
      if (Equal.equals(versions.solution.value, solution.value)) return
      yield* tell(Solution.answerOf(versions.solution.value, question))
    }
  },
  (effect, question) =>
    effect.pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provideService(ProposePrompt, revisionPrompt(question)),
      Effect.catch(reasonOf)
    )
)

/** The call behind a failure: examiner and editor fail in no other way. */
const reasonOf = (
  failure: TextModelError.TextModelError | BackwardError.BackwardError | OptimizerError
): Effect.Effect<never, TextModelError.TextModelError> => {
  const reason = "reason" in failure ? failure.reason : failure
  return TextModelError.isTextModelError(reason) ? Effect.fail(reason) : Effect.die(failure)
}
