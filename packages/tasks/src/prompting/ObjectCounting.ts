/** Object counting as BIG-Bench Hard has it: how many of the things listed are of one kind. */
import * as Schema from "effect/Schema"
import type { Subject } from "./Subject.ts"

/** A number. Our own questions know which things count: they are a task of their own, in `../counting`. */
export const ObjectCounting: Subject<number> = {
  name: "object-counting",
  instructions: "Answer the question.",
  role: "instructions of the model that counts things of one kind",
  answer: Schema.Int,
  textgrad: "number",
  fault: (answer, puzzle) =>
    answer === Number(puzzle.answer)
      ? undefined
      : `The answer ${answer} is wrong, it must be ${puzzle.answer}. Only things of the kind that is asked for count.`
}
