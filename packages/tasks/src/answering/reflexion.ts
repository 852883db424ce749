/**
 * Retries after reflection: the model looks back at its answer, says in words what went wrong, and answers anew with these
 * words before it. (After Reflexion, Shinn et al., arXiv 2303.11366; here without a check by the right answer, so the model
 * itself says whether it is satisfied.)
 */
import { BackwardModel, Fence, Message, type ModelRoles, Reply, type TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Method } from "../study/Study.ts"
import * as Trajectory from "../study/Trajectory.ts"
import type { Question } from "./Question.ts"
import * as Solution from "./Solution.ts"

/** How often it may try again. */
export interface Options extends Partial<Solution.Style> {
  readonly retries: number
}

// reflection first, so that the verdict can follow from it
const Reflection = Schema.Struct({
  reflection: Schema.String.check(Schema.isMaxLength(1000)),
  satisfied: Schema.Boolean
})

const system = `You look back at an answer that you gave, without knowing the right one. Check it as if somebody else had given it: what is asked, each step, the arithmetic, what was taken for granted.
In "reflection", say in a few sentences what is wrong or doubtful, how it came about, and what to do otherwise next time; where all holds, say what you checked. Give no other final answer there.
In "satisfied", say true only if you would give the same answer again.`

const user = ({ text }: Question, solution: string, earlier: ReadonlyArray<string>): string =>
  [
    "# The question",
    Fence.wrap("question", text),
    "",
    "# Your answer",
    Fence.wrap("answer", solution),
    ...(earlier.length === 0
      ? []
      : ["", "# What you noted on answers before it", ...earlier.map((note) => Fence.wrap("note", note))])
  ].join("\n")

/** One call of the critic. */
const reflect = (question: Question, solution: Solution.Solution, earlier: ReadonlyArray<string>) =>
  Effect.flatMap(BackwardModel, (model) =>
    Reply.object(
      model,
      {
        purpose: "judge",
        messages: [Message.system(system), Message.user(user(question, Solution.written(solution), earlier))]
      },
      Reflection,
      "reflection"
    )
  )

const notes = (reflections: ReadonlyArray<string>): string =>
  [
    "You have tried this question before, and noted on your answers:",
    ...reflections.map((note) => Fence.wrap("note", note)),
    "Mind these notes, and answer the question anew."
  ].join("\n")

/** Readings: "zero-shot", "after retry 1", …; it stops as soon as the model is satisfied. A retry is two calls. */
export const reflexion = (options: Options): Method<Question, TextModelError.TextModelError, ModelRoles> => {
  const { retries, ...style } = { ...Solution.style, ...options }
  const names = ["zero-shot", ...Array.from({ length: retries }, (_, i) => `after retry ${i + 1}`)]
  return {
    name: "reflexion",
    about: `a first answer and up to ${retries} retries, each with what the model noted on the answers before`,
    run: (question) =>
      Trajectory.readings(names, (tell) =>
        Effect.gen(function* () {
          let solution = yield* Solution.ask(question, style)
          yield* tell(Solution.answerOf(solution, question))
          const reflections: Array<string> = []
          while (reflections.length < retries) {
            const { reflection, satisfied } = yield* reflect(question, solution, reflections)
            if (satisfied) return
            reflections.push(reflection)
            solution = yield* Solution.ask(question, { ...style, notes: notes(reflections) })
            yield* tell(Solution.answerOf(solution, question))
          }
        })
      )
  }
}
