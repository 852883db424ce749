import {
  type BackwardModel,
  Generate,
  Parameter,
  Parameters,
  Task,
  Template,
  type TextModel,
  type TextModelError,
  Variable
} from "@backprose/core"
import * as Hash from "effect/Hash"
import * as Rule from "./Rule.ts"

/** A message, and what must be answered. */
export interface Example {
  readonly message: string
  readonly answer: string
  readonly topic: string
}

export interface Options {
  /** What there is to learn: rules, or how many of twelve ready ones. Default 6. No topic may contain another. */
  readonly rules: ReadonlyArray<Rule.Rule> | number
  /** Which messages, and their order. Default 0. */
  readonly seed: number
  /** How many examples of each set; every rule comes up in a set that is large enough. Default 12, 12, 12. */
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number }
}

const defaults: Options = { rules: 6, seed: 0, sizes: { train: 12, validation: 12, test: 12 } }

const ready: ReadonlyArray<Rule.Rule> = [
  { topic: "refund", answer: "R7" },
  { topic: "password", answer: "A2" },
  { topic: "delivery", answer: "D4" },
  { topic: "invoice", answer: "B1" },
  { topic: "warranty", answer: "W9" },
  { topic: "privacy", answer: "P3" },
  { topic: "outage", answer: "S8" },
  { topic: "upgrade", answer: "U5" },
  { topic: "cancellation", answer: "C6" },
  { topic: "complaint", answer: "K1" },
  { topic: "voucher", answer: "V2" },
  { topic: "appointment", answer: "T4" }
]

const openings = ["Hello, I write about a", "Once more about the", "Please look at this", "It is about my"]

const pick = <A>(from: ReadonlyArray<A>, by: string): A => from[(Hash.string(by) >>> 0) % from.length]!

const draw = (rules: ReadonlyArray<Rule.Rule>, seed: number, split: string, size: number): ReadonlyArray<Example> =>
  Array.from({ length: size }, (_, i) => {
    const { answer, topic } = rules[i % rules.length]!
    const key = `${seed}:${split}:${i}`
    return {
      order: Hash.string(key),
      message: `${pick(openings, key)} ${topic}, ${split} case ${i + 1}.`,
      answer,
      topic
    }
  })
    .sort((a, b) => a.order - b.order)
    .map(({ answer, message, topic }) => ({ answer, message, topic }))

/** The task of the student: one text parameter, and a metric whose feedback states the rule that was broken. */
export type StudentTask = Task.Task<
  { readonly instructions: Variable.Variable<string> },
  Example,
  string,
  TextModelError.TextModelError,
  TextModel,
  BackwardModel
>

/**
 * Messages to be answered with a code, by rules that the seed instructions do not state. The same options give the same
 * task.
 */
export const task = (options: Partial<Options> = {}): StudentTask => {
  const { rules: asked, seed, sizes } = { ...defaults, ...options }
  const rules = typeof asked === "number" ? ready.slice(0, asked) : asked
  return Task.make({
    name: "student",
    parameters: Parameters.make({
      instructions: Parameter.text("Answer the message with its code.", { role: "instructions of the student" })
    }),
    forward: (p: { readonly instructions: Variable.Variable<string> }, { message }: Example) =>
      Generate.text({
        system: p.instructions,
        prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
        role: "answer to the message"
      }),
    metric: (answer, example) =>
      answer === example.answer
        ? 1
        : { score: 0, feedback: `The right answer is ${example.answer}. ${Rule.sentence(example)}` },
    train: draw(rules, seed, "train", sizes.train),
    validation: draw(rules, seed, "validation", sizes.validation),
    test: draw(rules, seed, "test", sizes.test)
  })
}
