/**
 * The same tasks as TextGrad runs them, to compare with its figures: replies in free text, the first rows of the file to
 * train, and its own scorer: the last number of the reply, or a judge. Our own tasks are structured and exact instead. The
 * first prompt is none of TextGrad's, whose texts are not copied: scores before training are another baseline than its own,
 * unless its prompt is loaded into the parameters.
 */
import { type BackwardModel, type Dataset, Generate, Loss, Task, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as TextGradScorer from "../scorer/TextGradScorer.ts"
import { type Puzzle, parameters, type Subject } from "./Subject.ts"

type Asked = Pick<Subject<never>, "instructions" | "name" | "role">

/** How TextGrad's prompts end; ours say it in other words. */
const lastLine =
  "Write your reasoning first. End with a line of its own that reads 'Answer: ' and then the answer alone."

const free = (subject: Asked) => {
  const first = parameters({ ...subject, instructions: `${subject.instructions} ${lastLine}` })
  return {
    name: subject.name,
    parameters: first,
    forward: (p: typeof first, { question }: Puzzle) =>
      Generate.text({ system: p.instructions, prompt: Variable.constant(question, "question"), role: "reply" })
  }
}

/** Scored by the last number of the reply, quirks and all: for counting, arithmetic and GSM8K. */
export const integer = (subject: Asked, split: Dataset.Split<Puzzle>) =>
  Task.make({
    ...free(subject),
    metric: (reply: string, { answer }: Puzzle) =>
      TextGradScorer.integersEqual(reply, answer) === 1
        ? 1
        : { score: 0, feedback: `The reply is read as ${TextGradScorer.parseInteger(reply)}, it must be ${answer}.` },
    ...split
  })

const objective =
  "Is the final answer of the reply the same as the right answer? Score 1 if it is and 0 if it is not; nothing else counts. Say what differs."

/**
 * Scored by a judge, as TextGrad does for all of BIG-Bench Hard but counting. The judge may err, and each score costs a call
 * of the critic's model: `Subject.task` has the exact check.
 */
export const judged = (subject: Asked, split: Dataset.Split<Puzzle>) => {
  const verdict = (reply: Variable.Variable<string, BackwardModel>, { answer, question }: Puzzle) =>
    Loss.fieldsVerdict(objective, {
      question: Variable.constant(question, "question"),
      "right answer": Variable.constant(answer, "right answer"),
      reply
    })
  return Task.make({
    ...free(subject),
    metric: (reply: string, puzzle: Puzzle) =>
      // a judge that hedges is taken at its word, as a flag: more right than wrong
      Effect.map(verdict(Variable.constant(reply, "reply"), puzzle), ({ value: { feedback, score } }) => ({
        score: score > 0.5 ? 1 : 0,
        feedback
      })),
    loss: verdict,
    ...split
  })
}

/** A subject scored as TextGrad scores it. */
export const task = (subject: Asked & Pick<Subject<never>, "textgrad">, split: Dataset.Split<Puzzle>) =>
  subject.textgrad === "number" ? integer(subject, split) : judged(subject, split)
