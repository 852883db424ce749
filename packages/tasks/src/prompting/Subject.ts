/**
 * A kind of question of the paper's prompt optimisation (TextGrad, arXiv 2406.07496, section 3.3): how it is asked and
 * answered, and what is said of a wrong answer. One text is optimised: the instructions.
 */
import { type Dataset, Generate, Parameter, Parameters, Task, Variable } from "@backprose/core"
import * as Schema from "effect/Schema"
import type { Worded } from "../format/Worded.ts"

/** A question with its answer; `why` says how the answer comes about where that is known. It is for feedback only. */
export interface Puzzle extends Worded {
  readonly why?: string
}

/** What all puzzles of one kind have in common. `A`: an answer as the reply has it. */
export interface Subject<A> {
  readonly name: string
  /** The first instructions, which the optimisation starts from. */
  readonly instructions: string
  /** What the instructions are for: "instructions of the model that sorts words". */
  readonly role: string
  /** The shape of an answer in a reply. */
  readonly answer: Schema.Codec<A, unknown>
  /** Who scores it in TextGrad: a function that reads the last number of the reply, or a judge. */
  readonly textgrad: "number" | "judge"
  /** What is wrong with an answer, with the fact that was missing; nothing where it is right. */
  readonly fault: (answer: A, puzzle: Puzzle) => string | undefined
}

/** The one parameter of these tasks. */
export const parameters = ({ instructions, role }: Pick<Subject<never>, "instructions" | "role">) =>
  Parameters.make({ instructions: Parameter.text(instructions, { role, constraints: ["at most 150 words"] }) })

// the limit ends the reply of a small model that rambles on; it has room for a worked answer
const Reasoning = Schema.String.check(Schema.isMaxLength(500))

/** Puzzles of a subject as a task: structured replies, an exact metric whose feedback carries what was missing. */
export const task = <A>(subject: Subject<A>, split: Dataset.Split<Puzzle>) => {
  // the reasoning comes first, so that the answer can follow from it
  const schema = Schema.Struct({ reasoning: Reasoning, answer: subject.answer })
  return Task.make({
    name: subject.name,
    parameters: parameters(subject),
    forward: (p, { question }: Puzzle) =>
      Generate.object({
        system: p.instructions,
        prompt: Variable.constant(question, "question"),
        schema,
        name: "answer",
        role: "answer with its reasoning"
      }),
    metric: ({ answer }: typeof schema.Type, puzzle: Puzzle) => {
      const feedback = subject.fault(answer, puzzle)
      return feedback === undefined ? 1 : { score: 0, feedback }
    },
    ...split
  })
}
