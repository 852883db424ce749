/**
 * Self-consistency: the same question asked so many times at a temperature, and a vote. (Wang et al., arXiv 2203.11171.)
 * The baseline that whatever spends as many calls has to beat.
 */
import type { ModelRoles, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Method } from "../study/Study.ts"
import * as Trajectory from "../study/Trajectory.ts"
import type { Question } from "./Question.ts"
import * as Solution from "./Solution.ts"

/** How many samples, and how different from each other. */
export interface Options extends Partial<Solution.Style> {
  readonly samples: number
  /** Default 0.7. */
  readonly temperature?: number
}

const defaults = { ...Solution.style, temperature: 0.7 }

/** Readings: "vote of 1", "vote of 2", …, each of the first so many samples. A sample that cannot be read has no vote. */
export const selfConsistency = (options: Options): Method<Question, TextModelError.TextModelError, ModelRoles> => {
  const { samples, temperature, ...style } = { ...defaults, ...options }
  const names = Array.from({ length: samples }, (_, i) => `vote of ${i + 1}`)
  return {
    name: "self-consistency",
    about: `a vote of ${samples} answers at temperature ${temperature}`,
    run: (question) =>
      Trajectory.readings(names, (tell) =>
        Effect.gen(function* () {
          const answers: Array<string> = []
          // one after the other: the calls of a vote are those of its samples, and other examples run beside
          for (let sample = 0; sample < samples; sample++) {
            const answer = Effect.map(
              Solution.ask(question, { ...style, sample, sampling: { temperature } }),
              (solution) => Solution.answerOf(solution, question)
            )
            answers.push(yield* sample === 0 ? answer : withoutVote(answer))
            yield* tell(Solution.vote(answers, question))
          }
        })
      )
  }
}

/** No answer where the reply could not be used. */
const withoutVote = <E, R>(answer: Effect.Effect<string, E, R>): Effect.Effect<string, E, R> =>
  Effect.catch(answer, (error) => (Trajectory.ofOneReply(error) ? Effect.succeed("") : Effect.fail(error)))
