/**
 * What optimizers are compared on: tasks of the deterministic student, each for any seed, with the best score known.
 */
import {
  type BackwardModel,
  Demonstrations,
  Evaluation,
  Generate,
  type ModelRoles,
  Parameter,
  Parameters,
  Task,
  Template,
  type TextModel,
  type TextModelError,
  Variable
} from "@backprose/core"
import { hasty, type Respond, Rugged, ScriptedModel, StudentModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type * as Layer from "effect/Layer"

type Models = Layer.Layer<ModelRoles | ScriptedModel>

/** A task of the student's, whatever its parameters. */
export type Pipeline = Task.Task<any, any, any, TextModelError.TextModelError, TextModel, BackwardModel>

/** A problem for one seed. */
export interface Instance {
  readonly task: Pipeline
  /** The models of the run. */
  readonly respond: Respond
  /** A model that answers everything right, for demonstrations; where the task has a place for them. */
  readonly teacher: Respond | undefined
  /** The score of a version on test examples that no optimizer sees, without noise. It costs no calls. */
  readonly score: (saved: Parameters.Saved) => Effect.Effect<number>
}

export interface Problem {
  readonly name: string
  /** In a sentence. */
  readonly about: string
  /** Calls that a run may make, of all roles. */
  readonly calls: number
  /** The best score there is. */
  readonly reachable: number
  readonly instance: (seed: number) => Instance
}

const scoreOn =
  (task: Pipeline, models: Models): Instance["score"] =>
  (saved) =>
    Parameters.load<Parameters.Any>(task.parameters, saved).pipe(
      Effect.flatMap((parameters) => Evaluation.run(task, parameters, task.test)),
      Effect.map(({ interval }) => interval.mean),
      Effect.provide(models),
      Effect.orDie
    )

const rulesOf =
  (count: number, notes: number, sizes: StudentModel.TaskOptions["sizes"]) =>
  (seed: number): Instance => {
    const task = StudentModel.task({ rules: count, seed, sizes })
    const student = StudentModel.respond({ seed })
    const score = scoreOn(task, ScriptedModel.respond(student))
    return { task, respond: hasty(student, { notes, seed }), teacher: undefined, score }
  }

/** One judgement in ten is wrong, always of the same examples: the answer that it asks for is another one. */
const mistaken = ({ message }: StudentModel.Example, seed: number): boolean =>
  (Math.imul(Hash.string(`${seed}:${message}`), 0x9e3779b1) >>> 8) % 10 === 0

const noisy = (seed: number): Instance => {
  const plain = StudentModel.task({ rules: 6, seed, sizes: { train: 36, validation: 24, test: 24 } })
  const task = Task.make({
    name: "student with a mistaken judge",
    parameters: Parameters.make({
      instructions: Parameter.text("Answer the message with its code.", { role: "instructions of the student" }),
      examples: Parameter.demonstrations({ role: "messages with their codes" })
    }),
    forward: (p, { message }: StudentModel.Example) =>
      Generate.text({
        system: Template.make`${p.instructions}\n\n${Demonstrations.render(p.examples)}`,
        prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
        role: "answer to the message"
      }),
    metric: (given, { answer, topic }) =>
      given === answer
        ? 1
        : {
            score: 0,
            feedback: `The right answer is ${answer}. Messages about [${topic}] are answered with [${answer}].`
          },
    train: plain.train.map((one) => (mistaken(one, seed) ? { ...one, answer: "Q0" } : one)),
    validation: plain.validation.map((one) => (mistaken(one, seed) ? { ...one, answer: "Q0" } : one)),
    test: plain.test
  })
  const student = StudentModel.respond({ seed })
  const answers = new Map(plain.train.map(({ answer, message }) => [`Message: ${message}`, answer]))
  const teacher: Respond = ({ messages }) => answers.get(String(messages.at(-1)?.content)) ?? "unknown"
  const score = scoreOn(task, ScriptedModel.respond(student))
  return { task, respond: hasty(student, { notes: 1, seed }), teacher, score }
}

const rugged = (seed: number): Instance => {
  const task = Rugged.task({ seed })
  const respond = Rugged.respond({ seed })
  return { task, respond, teacher: undefined, score: scoreOn(task, ScriptedModel.respond(respond)) }
}

export const problems: ReadonlyArray<Problem> = [
  {
    name: "few rules",
    about: "one text, four rules to learn, one of them noted a step",
    calls: 400,
    reachable: 1,
    instance: rulesOf(4, 1, { train: 12, validation: 12, test: 12 })
  },
  {
    name: "many rules",
    about: "one text, twelve rules to learn, two of them noted a step",
    calls: 1000,
    reachable: 1,
    instance: rulesOf(12, 2, { train: 36, validation: 24, test: 24 })
  },
  {
    name: "mistaken judge",
    about: "a text and demonstrations, six rules, and one label in ten is wrong, in training and validation",
    calls: 1000,
    reachable: 1,
    instance: noisy
  },
  {
    name: "rugged",
    about: "four texts in which every rule does harm until its exceptions are known; the seed scores 0.6",
    calls: 2000,
    reachable: Rugged.reachable,
    instance: rugged
  }
]
