/**
 * The run that is simulated where none is given: readers and one who checks them, a judge, both prompts improved at once,
 * with another optimizer, selector, critic and size for each seed.
 */
import {
  Candidate,
  Combine,
  Critic,
  Generate,
  Latest,
  Loss,
  Momentum,
  Parameter,
  Parameters,
  Selector,
  Task,
  Template,
  TextModelError,
  TextualGradientDescent,
  Trainer,
  ValidationGate,
  Variable
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import * as Rule from "../student/Rule.ts"
import * as Student from "../student/Student.ts"
import * as StudentTask from "../student/task.ts"
import * as Dice from "./Dice.ts"
import type { Program } from "./Session.ts"
import * as Weather from "./Weather.ts"

/**
 * A call that fails takes one beside it with it, and which of two fails first is a matter of luck: a program that must
 * repeat itself tells both alike.
 */
const alike = (error: TextModelError.TextModelError): TextModelError.TextModelError =>
  TextModelError.isFatal(error) ? error : new TextModelError.ReplyUnreadable({ message: "no first answers", text: "" })

const taskOf = (dice: Dice.Dice, readers: 1 | 2) => {
  const examples = StudentTask.task({
    rules: 3,
    seed: dice.below(1000),
    sizes: { train: 4 + dice.below(4), validation: 3, test: 1 }
  })
  const rules = examples.train.map(Rule.sentence)
  const objective = `The answer must be the right code. ${[...new Set(rules)].join(" ")}`
  const parameters = Parameters.make({
    draft: Parameter.text("Answer the message with its code.", { role: "instructions of the first readers" }),
    final: Parameter.text("Check the code.", { role: "instructions of the last reader" })
  })
  const forward = Effect.fnUntraced(function* (p: typeof parameters, { message }: StudentTask.Example) {
    const shown = Variable.constant(message, "message")
    const read = (reader: number) =>
      Generate.text({
        system: p.draft,
        prompt: Template.make`Reader ${reader}. Message: ${shown}`,
        role: "first answer"
      })
    const first =
      readers === 1
        ? [yield* read(1)]
        : yield* Effect.mapError(Effect.all([read(1), Effect.andThen(read(2), read(3))], { concurrency: 2 }), alike)
    return yield* Generate.text({
      system: p.final,
      prompt: Template.make`Message: ${shown} First answers: ${Combine.concat(first, { role: "first answers" })}`,
      role: "answer"
    })
  })
  return Task.make({
    name: "simulated",
    parameters,
    forward,
    metric: (answer, example) => answer === example.answer,
    loss: (answer, example) =>
      Loss.fieldsVerdict(objective, { message: Variable.constant(example.message, "message"), answer }),
    train: examples.train,
    validation: examples.validation
  })
}

/** Keeps whatever is not worse than the seed, and extends any of it. */
const keepsAll: Layer.Layer<Selector> = Layer.succeed(Selector, {
  evaluates: true,
  select: (pool) => Effect.map(Random.nextIntBetween(0, pool.length, { halfOpen: true }), (i) => pool[i]!),
  admit: (pool, proposed) => {
    const accepted = (Candidate.mean(proposed) ?? 0) >= (Candidate.mean(pool[0]) ?? 0)
    return Effect.succeed({ accepted, reason: "", pool: accepted ? [...pool, proposed] : pool })
  },
  best: (pool) => pool.reduce((a, b) => ((Candidate.mean(b) ?? 0) > (Candidate.mean(a) ?? 0) ? b : a))
})

/** The run of a seed, and the weather that it meets. */
export const draw = (seed: string): { readonly program: Program; readonly weather: Weather.Weather } => {
  const dice = Dice.make(`${seed}/program`)
  const weather = Weather.draw(seed)
  const readers = dice.chance(0.3) ? 2 : 1
  const task = taskOf(dice, readers)
  const options = {
    seed: dice.below(1000),
    steps: 1 + dice.below(3),
    batchSize: 2 + dice.below(3),
    concurrency: 1 + dice.below(8),
    onFailure: dice.pick(["skip", "skip", "later"] as const),
    parents: dice.pick([1, 1, 2]),
    proposals: dice.pick([1, 1, 2]),
    minibatchGate: dice.pick(["off", "off", "notWorse"] as const)
  }
  const descent = TextualGradientDescent.layer()
  const optimizer = dice.chance(0.3) ? Momentum.layer().pipe(Layer.provide(descent)) : descent
  const selector = dice.pick([Latest.layer, ValidationGate.layer(), ValidationGate.layer(), keepsAll])
  const critic = dice.chance(0.3) ? Critic.layerPerInput : Critic.layerJoint
  const student = { ...Student.defaults, forgetful: dice.chance(0.3) ? 120 : Number.POSITIVE_INFINITY }
  return {
    program: {
      events: Trainer.fit(task, options).pipe(Stream.provide(Layer.mergeAll(optimizer, selector, critic))),
      respond: Student.reply(student),
      concurrency: 1 + dice.below(8),
      maxCalls: dice.chance(0.2) ? 10 + dice.below(60) : undefined
    },
    // where one of two readers ends the run and the other only the example, luck decides, and no two lives are alike
    weather: readers === 2 ? { ...weather, lasting: 0 } : weather
  }
}
