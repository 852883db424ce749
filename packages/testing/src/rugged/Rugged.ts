/**
 * A second task for the student, in which hill climbing stalls.
 *
 * Four desks with a text each. At every desk a rule ("messages about [refund] …") does more harm than good as long as its
 * three exceptions ("… [refund voucher] …") are not known, and those show only once the rule has done its harm: a message
 * about a refund voucher is answered right by whoever knows no rule. So the first step out of the seed is a step down, for
 * each desk: whoever takes only what is not worse on average stays at the seed for ever. Whoever keeps what is best at
 * something keeps it, for the plain messages that it alone gets right, and mends it later; and what was learned for one
 * desk can be merged with what was learned for another.
 *
 * A few training examples are mislabelled. What they teach breaks a message that no other rule mends, and nothing takes it
 * back: whoever keeps whatever comes ends below what can be reached.
 */
import {
  type BackwardModel,
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
import type * as Layer from "effect/Layer"
import type { Respond } from "../scripted/Reply.ts"
import { ScriptedModel } from "../scripted/ScriptedModel.ts"
import * as Rule from "../student/Rule.ts"
import * as Student from "../student/Student.ts"
import * as desks from "./desks.ts"
import { answer } from "./reader.ts"

export type { Desk, Example } from "./desks.ts"

export interface Options {
  /** The words of the messages, and their order. */
  readonly seed: number
  /** Mislabelled training examples a desk. */
  readonly mislabelled: number
}

const defaults: Options = { seed: 0, mislabelled: 1 }

/** The score of the seed, on validation and test alike: all exceptions and nothing else. */
export const seedScore = 0.6
/** The best score, of `solution`. */
export const reachable = 1

type Texts = { readonly [desk in desks.Desk]: Variable.Variable<string> }

/** Messages to four desks, each with a text of its own. The same options give the same task. */
export const task = (
  options: Partial<Options> = {}
): Task.Task<Texts, desks.Example, string, TextModelError.TextModelError, TextModel, BackwardModel> => {
  const { mislabelled, seed } = { ...defaults, ...options }
  const instructions = (desk: desks.Desk) =>
    Parameter.text(`Answer with [${desks.usual}].`, { role: `instructions of the desk for ${desk}` })
  return Task.make({
    name: "rugged",
    parameters: Parameters.make({
      refunds: instructions("refunds"),
      orders: instructions("orders"),
      logins: instructions("logins"),
      tariffs: instructions("tariffs")
    }),
    forward: (texts: Texts, { desk, message }: desks.Example) =>
      Generate.text({
        system: texts[desk],
        prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
        role: "answer to the message"
      }),
    metric: (given, { answer, rule }) =>
      given === answer ? 1 : { score: 0, feedback: `The right answer is ${answer}. ${Rule.sentence(rule)}` },
    train: desks.training(seed, mislabelled),
    validation: desks.held(seed, "validation"),
    test: desks.held(seed, "test")
  })
}

/** Values that reach the best score. */
export const solution: { readonly [desk in desks.Desk]: string } = (() => {
  const of = (desk: desks.Desk) => {
    const { exceptions, rule } = desks.knowledge[desk]
    return [`Answer with [${desks.usual}].`, ...[rule, ...exceptions].map(Rule.sentence)].join("\n")
  }
  return { refunds: of("refunds"), orders: of("orders"), logins: of("logins"), tariffs: of("tariffs") }
})()

/** The student of this task: like `StudentModel`, but the narrowest rule wins, and where it knows none it does as told. */
export const respond = (options: Partial<Student.Options> = {}): Respond => {
  const student = Student.reply({ ...Student.defaults, ...options })
  return (request) => (request.purpose === "forward" ? answer(request) : student(request))
}

/**
 * All three roles.
 *
 * **Example**
 *
 * ```ts
 * import { Merge, Pareto, Reflection, Trainer } from "@backprose/core"
 * import { Rugged } from "@backprose/testing"
 * import { Effect, Layer } from "effect"
 *
 * const task = Rugged.task()
 * const learned = Trainer.fit(task, { steps: 60 }).pipe(
 *   Trainer.result(task),
 *   Effect.provide([Merge.layer().pipe(Layer.provide(Reflection.layer())), Pareto.layer()]),
 *   Effect.provide(Rugged.layer())
 * )
 * ```
 */
export const layer = (options: Partial<Student.Options> = {}): Layer.Layer<ModelRoles | ScriptedModel> =>
  ScriptedModel.respond(respond(options))
