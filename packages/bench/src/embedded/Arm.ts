/**
 * What is compared: the first prompt, what optimizers make of it, and a vote over samples that costs as many calls.
 */
import {
  Bootstrap,
  Evaluation,
  Merge,
  type ModelRoles,
  Optimize,
  type Optimizer,
  Parameters,
  Pareto,
  Reflection,
  type Selector,
  TextModel,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lessons, type Pipeline, type Problem, withDemonstrations } from "./Problem.ts"

/** One arm on the examples of one seed. */
export interface Setting {
  readonly problem: Problem
  readonly task: Pipeline
  readonly seed: number
  /** Calls that the first optimizer took for this seed, its test included; what others may take. */
  readonly calls: number
}

/** Scores on the test examples in their order, and the parameters that were found. */
export interface Outcome {
  readonly scores: ReadonlyArray<number | null>
  readonly parameters?: Parameters.Saved
}

export interface Arm {
  readonly name: string
  readonly run: (setting: Setting) => Effect.Effect<Outcome, unknown, ModelRoles>
}

const tested = (task: Pipeline, parameters: Parameters.Any) =>
  Effect.map(Evaluation.run(task, parameters, task.test), (report) => ({
    scores: Evaluation.scores(report),
    parameters: Parameters.save(parameters)
  }))

type Strategy = Layer.Layer<Optimizer | Selector, never, ModelRoles>

const optimised = (
  name: string,
  strategy: (setting: Setting) => Strategy,
  options: { readonly demonstrations?: boolean; readonly trainer?: Partial<Trainer.Options> } = {}
): Arm => ({
  name,
  run: (setting) => {
    const { batchSize, steps } = setting.problem
    const task = options.demonstrations === true ? withDemonstrations(setting.task) : setting.task
    return Trainer.fit(task, { steps, batchSize, seed: setting.seed, ...options.trainer }).pipe(
      Trainer.result(task),
      Effect.provide(strategy(setting)),
      Effect.flatMap((parameters) => tested(task, parameters))
    )
  }
})

const gate = ValidationGate.layer()

/** Asks the same questions `samples` times at a temperature; the answer most samples give, the earliest of equals. */
const selfConsistency: Arm = {
  name: "self-consistency of the first prompt, equal calls",
  run: Effect.fnUntraced(function* ({ calls, problem, task }) {
    const model = yield* TextModel
    const samples = Math.max(1, Math.round(calls / task.test.length))
    const sampled = (sample: number) =>
      Layer.succeed(TextModel, {
        ...model,
        complete: (request) =>
          model.complete({ ...request, sample, sampling: { ...request.sampling, temperature: 0.7 } })
      })
    const scores = yield* Effect.forEach(
      task.test,
      Effect.fnUntraced(function* (example) {
        const outputs = yield* Effect.forEach(
          Array.from({ length: samples }, (_, sample) => sample),
          (sample) => Effect.option(Effect.provide(task.forward(task.parameters, example), sampled(sample))),
          { concurrency: "unbounded" }
        )
        const answers = outputs.flatMap((one) => (one._tag === "Some" ? [one.value.value] : []))
        if (answers.length === 0) return null
        const voted = Optimize.majority(answers.map(problem.answer))
        const best = answers.find((answer) => problem.answer(answer).trim() === voted.trim())
        return (yield* task.metric(best, example)).score
      }),
      { concurrency: 2 }
    )
    return { scores }
  })
}

export const arms: ReadonlyArray<Arm> = [
  optimised("TGD, validation gate", () => Layer.merge(TextualGradientDescent.layer(), gate)),
  { name: "first prompt", run: ({ task }) => tested(task, task.parameters) },
  optimised(
    "GEPA-like: reflection and merge, Pareto",
    () => Layer.merge(Merge.layer().pipe(Layer.provide(Reflection.layer())), Pareto.layer()),
    { trainer: { minibatchGate: "strictGain" } }
  ),
  optimised("demonstrations from its own successes", () => Layer.merge(Bootstrap.layer(), gate), {
    demonstrations: true
  }),
  optimised(
    "demonstrations from labelled examples",
    ({ problem, task }) => Layer.merge(Bootstrap.layer({ lessons: lessons(problem, task), most: 6 }), gate),
    { demonstrations: true }
  ),
  selfConsistency
]
