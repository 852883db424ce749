/**
 * The run that is simulated where none is given: two prompts one after the other, a judge, both prompts improved at once,
 * with another optimizer, selector, critic and size for each seed.
 */
import {
  Critic,
  Generate,
  Latest,
  Loss,
  Momentum,
  Parameter,
  Parameters,
  Task,
  Template,
  TextualGradientDescent,
  Trainer,
  ValidationGate,
  Variable
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Rule from "../student/Rule.ts"
import * as Student from "../student/Student.ts"
import * as StudentTask from "../student/task.ts"
import * as Dice from "./Dice.ts"
import type { Program } from "./Session.ts"

const taskOf = (dice: Dice.Dice) => {
  const examples = StudentTask.task({
    rules: 3,
    seed: dice.below(1000),
    sizes: { train: 4 + dice.below(4), validation: 3, test: 1 }
  })
  const rules = examples.train.map(Rule.sentence)
  const objective = `The answer must be the right code. ${[...new Set(rules)].join(" ")}`
  const parameters = Parameters.make({
    draft: Parameter.text("Answer the message with its code.", { role: "instructions of the first reader" }),
    final: Parameter.text("Check the code.", { role: "instructions of the second reader" })
  })
  return Task.make({
    name: "simulated",
    parameters,
    forward: (p: typeof parameters, { message }: StudentTask.Example) => {
      const shown = Variable.constant(message, "message")
      return Generate.text({ system: p.draft, prompt: Template.make`Message: ${shown}`, role: "first answer" }).pipe(
        Effect.flatMap((first) =>
          Generate.text({
            system: p.final,
            prompt: Template.make`Message: ${shown} First answer: ${first}`,
            role: "answer"
          })
        )
      )
    },
    metric: (answer, example) => answer === example.answer,
    loss: (answer, example) =>
      Loss.fieldsVerdict(objective, { message: Variable.constant(example.message, "message"), answer }),
    train: examples.train,
    validation: examples.validation
  })
}

/** The program of a seed. */
export const program = (seed: string): Program => {
  const dice = Dice.make(`${seed}/program`)
  const task = taskOf(dice)
  const options = {
    seed: dice.below(1000),
    steps: 1 + dice.below(3),
    batchSize: 2 + dice.below(3),
    concurrency: 1 + dice.below(8)
  }
  const descent = TextualGradientDescent.layer()
  const optimizer = dice.chance(0.3) ? Momentum.layer().pipe(Layer.provide(descent)) : descent
  const selector = dice.chance(0.3) ? Latest.layer : ValidationGate.layer()
  const critic = dice.chance(0.3) ? Critic.layerPerInput : Critic.layerJoint
  const student = { ...Student.defaults, forgetful: dice.chance(0.3) ? 120 : Number.POSITIVE_INFINITY }
  return {
    events: Trainer.fit(task, options).pipe(Stream.provide(Layer.mergeAll(optimizer, selector, critic))),
    respond: Student.reply(student),
    concurrency: 1 + dice.below(8),
    maxCalls: dice.chance(0.2) ? 10 + dice.below(60) : undefined
  }
}
