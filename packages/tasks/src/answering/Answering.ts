/**
 * Question answering by solution optimisation, as in section 3.2 of TextGrad, beside the two methods that it has to be
 * compared with, at as many calls and a few more.
 */
import type { ModelRoles, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Worded } from "../format/Worded.ts"
import type { Method, Study } from "../study/Study.ts"
import * as Form from "./Form.ts"
import type { Question } from "./Question.ts"
import { reflexion } from "./reflexion.ts"
import type { Style } from "./Solution.ts"
import { selfConsistency } from "./selfConsistency.ts"
import { callsOf, selfCritique } from "./selfCritique.ts"
import { generate } from "./WordProblems.ts"

/** How questions are answered, and with how many calls. */
export interface Effort extends Partial<Style> {
  /** Updates by self-critique; the other methods get as many calls, and some for its repairs. Default 3, as in the paper. */
  readonly updates?: number
  /** Of the samples of self-consistency. Default 0.7. */
  readonly temperature?: number
}

/** What is asked, and how. */
export interface Options<Row> extends Effort {
  readonly name: string
  readonly examples: ReadonlyArray<Row>
  /** What the rows are: `Form.choice`, `Form.number`, `Form.worded`, `Form.hotpot`, or one of your own. */
  readonly form: Form.Form<Row>
}

type Answers<Row> = Method<Row, TextModelError.TextModelError, ModelRoles>

/**
 * Calls of the other methods: those of the updates, and so many more as these take where one in four of their replies has to
 * be repaired. What takes more calls than all that it is compared with is compared in its own favour.
 */
const budget = (updates: number): number => callsOf(updates) + Math.ceil(updates / 2)

/** Self-critique with so many updates, and self-consistency and Reflexion at as many calls and a few more. */
export const methods = ({ temperature, updates = 3, ...style }: Effort = {}): ReadonlyArray<Answers<Question>> => [
  selfCritique({ ...style, updates }),
  selfConsistency({ ...style, samples: budget(updates), ...(temperature === undefined ? {} : { temperature }) }),
  reflexion({ ...style, retries: Math.ceil((budget(updates) - 1) / 2) })
]

/** A study of questions: all methods, and the right scorer. */
export const study = <Row>({
  examples,
  form,
  name,
  ...effort
}: Options<Row>): Study<Row, TextModelError.TextModelError, ModelRoles> => ({
  name,
  examples,
  methods: methods(effort).map((method) => ({ ...method, run: (row) => method.run(form.question(row)) })),
  grade: (answer, row) => Effect.succeed(form.score(answer, row))
})

/** A study of so many of our own word problems, which need no data. `reasoning` fits the embedded model. */
export const wordProblems = Effect.fnUntraced(function* (
  options: Effort & { readonly limit: number; readonly seed: number }
) {
  const { limit, seed, ...effort } = options
  const problems = yield* generate(limit, seed)
  const examples = problems.map(
    ({ answer, question }, i): Worded => ({ id: `${seed}/${i}`, question, answer: `${answer}` })
  )
  return study({ name: "word-problems", examples, form: Form.number, reasoning: 1000, ...effort })
})
