/** Arithmetic in several steps: an integer. The feedback works the expression out, step by step. */
import * as Schema from "effect/Schema"
import type { Subject } from "./Subject.ts"
import { operators } from "./Sums.ts"
import { expressionIn, workOut } from "./workOut.ts"

const signs = /[-+*()\d ]+/g

/** The rules that an expression needs, and those alone. */
const rules = (expression: string): ReadonlyArray<string> => [
  ...(expression.includes("(") ? ["Work out what is in brackets first."] : []),
  ...(expression.includes("*") ? ["Work out every product before any sum or difference."] : []),
  ...(/[-+*] -\d/.test(expression) ? ["A minus right before a number is the sign of that number."] : [])
]

const working = (question: string): string => {
  const expression = expressionIn(question, signs)
  return [...rules(expression), `${workOut(expression, operators).steps.join("; ")}.`].join(" ")
}

/** The value of an expression of sums and products, as in BIG-Bench Hard. */
export const Arithmetic: Subject<number> = {
  name: "arithmetic",
  instructions: "Compute the value of the expression.",
  role: "instructions of the model that computes",
  answer: Schema.Int,
  textgrad: "judge",
  fault: (answer, puzzle) =>
    answer === Number(puzzle.answer)
      ? undefined
      : `The answer ${answer} is wrong, it must be ${puzzle.answer}. ${working(puzzle.question)}`
}
