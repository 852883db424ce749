/** Boolean expressions: True or False. The feedback works the expression out, step by step. */
import * as Schema from "effect/Schema"
import { operators } from "./Propositions.ts"
import type { Subject } from "./Subject.ts"
import { expressionIn, workOut } from "./workOut.ts"

const signs = /(?:\b(?:True|False|not|and|or)\b|[() ])+/g

/** The rules that an expression needs, and those alone. */
const rules = (expression: string): ReadonlyArray<string> => [
  ...(expression.includes("(") ? ["Work out what is in brackets first."] : []),
  ...(expression.includes("not") ? ["Then apply each not to what stands right after it."] : []),
  ...(expression.includes(" and ") && expression.includes(" or ") ? ["Work out every and before any or."] : [])
]

const working = (question: string): string => {
  const expression = expressionIn(question, signs)
  return [...rules(expression), `${workOut(expression, operators).steps.join("; ")}.`].join(" ")
}

/** The value of an expression of `not`, `and` and `or`, as in BIG-Bench Hard. */
export const BooleanExpressions: Subject<"True" | "False"> = {
  name: "boolean",
  instructions: "Say whether the expression is True or False.",
  role: "instructions of the model that evaluates Boolean expressions",
  answer: Schema.Literals(["True", "False"]),
  textgrad: "judge",
  fault: (answer, puzzle) =>
    answer === puzzle.answer
      ? undefined
      : `The answer ${answer} is wrong, it must be ${puzzle.answer}. ${working(puzzle.question)}`
}
