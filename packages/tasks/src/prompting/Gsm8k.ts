/** Grade-school word problems (Cobbe et al., arXiv 2110.14168): a number. */
import * as Schema from "effect/Schema"
import type { Subject } from "./Subject.ts"

/** GSM8K: the number that a word problem asks for. */
export const Gsm8k: Subject<number> = {
  name: "gsm8k",
  instructions: "Solve the problem step by step. The answer is a number.",
  role: "instructions of the model that solves word problems",
  answer: Schema.Finite,
  textgrad: "number",
  fault: (answer, puzzle) =>
    answer === Number(puzzle.answer.replaceAll(",", ""))
      ? undefined
      : `The answer ${answer} is wrong, it must be ${puzzle.answer}.${puzzle.why === undefined ? "" : ` ${puzzle.why}`}`
}
