/** Object counting as BIG-Bench Hard has it: how many of the things listed are of one kind. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Inventories from "../counting/Inventories.ts"
import type { Puzzle, Subject } from "./Subject.ts"

/** A number; the feedback says what counts, where that is known. */
export const ObjectCounting: Subject<number> = {
  name: "object-counting",
  instructions: "Answer the question.",
  role: "instructions of the model that counts things of one kind",
  answer: Schema.Int,
  fault: (answer, puzzle) =>
    answer === Number(puzzle.answer)
      ? undefined
      : `The answer ${answer} is wrong, it must be ${puzzle.answer}. ${puzzle.why ?? "Only things of the kind that is asked for count."}`
}

/** Our own questions as puzzles: what counts is the reason. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  Effect.map(Inventories.generate(n, seed), (all) =>
    all.map(({ answer, counted, kind, question }, i) => ({
      id: `object-counting/${seed}/${i}`,
      question,
      answer: `${answer}`,
      why: `Only ${kind} count: ${counted.join(" + ")} = ${answer}.`
    }))
  )
