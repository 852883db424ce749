/**
 * The task that the laws of proposals, merges and runs are checked on: a reader with demonstrations, and for every other
 * message a second one with settings. Each parameter matters to some examples and not to others; the seed gets half of them right.
 */
import { Demonstrations, Generate, Operation, Parameter, Parameters, Task, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Rule from "../student/Rule.ts"
import * as StudentTask from "../student/task.ts"

const Settings = Schema.Struct({
  guide: Parameter.Text,
  limit: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 }))
})

interface Message extends StudentTask.Example {
  readonly isReadTwice: boolean
}

const { train, validation } = StudentTask.task({ rules: 3, seed: 8, sizes: { train: 6, validation: 4, test: 0 } })
const messages = (all: ReadonlyArray<StudentTask.Example>): ReadonlyArray<Message> =>
  all.map((example, i) => ({ ...example, isReadTwice: i % 2 === 1 }))

const known = Rule.sentence(train[0]!)
const parameters = Parameters.make({
  first: Parameter.text(`Answer the message with its code. ${known}`, { role: "instructions of the first reader" }),
  nested: {
    second: Parameter.text(`Check the code. ${known}`, { role: "instructions of the second reader" }),
    settings: Parameter.schema(Settings, { guide: "Be brief.", limit: 3 }, { role: "settings of the second reader" })
  },
  examples: Parameter.demonstrations({ role: "messages with their codes, shown to the first reader" })
})

export const task = Task.make({
  name: "readers",
  parameters,
  forward: Effect.fnUntraced(function* (p: typeof parameters, { isReadTwice, message }: Message) {
    const shown = Variable.constant(message, "message")
    const first = yield* Generate.text({
      system: Template.make`${p.first}\n\n${Demonstrations.render(p.examples)}`,
      prompt: Template.make`Message: ${shown}`,
      role: "first answer"
    })
    if (!isReadTwice) return first
    const guide = Operation.map(p.nested.settings, { role: "guide of the second reader", f: ({ guide }) => guide })
    return yield* Generate.text({
      system: Template.make`${p.nested.second}\n${guide}`,
      prompt: Template.make`Message: ${shown} First answer: ${first}`,
      role: "answer"
    })
  }),
  metric: (given, example) =>
    given === example.answer
      ? 1
      : { score: 0, feedback: `The right answer is ${example.answer}. ${Rule.sentence(example)}` },
  train: messages(train),
  validation: messages(validation)
})

export type Readers = typeof parameters

/** The parameters, by name. */
export const entries = Parameters.entries(parameters)

/** Another value of a parameter, told from all others by its label: what somebody else has tried. */
export const version = (name: string, label: string): Schema.Json => {
  switch (name) {
    case "nested.settings":
      return { guide: `Be brief: ${label}.`, limit: 4 }
    case "examples":
      return [{ input: `Message ${label}`, output: label }]
    default:
      return `Answer as in ${label}.`
  }
}
