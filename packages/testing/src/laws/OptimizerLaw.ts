/**
 * The laws of optimizers, each on a step whose model may say anything.
 */
import {
  Feedback,
  GradientMap,
  type ModelRoles,
  Optimizer,
  type OptimizerError,
  Parameter,
  Parameters,
  type Proposal,
  type Request
} from "@backprose/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ScriptedModel } from "../scripted/ScriptedModel.ts"
import * as Rule from "../student/Rule.ts"
import * as Student from "../student/Student.ts"
import * as Law from "./Law.ts"
import { Misbehaviour, misbehave } from "./misbehaviour.ts"

/** What is under test: an optimizer that asks models and nothing else. */
export type Subject = Layer.Layer<Optimizer, never, ModelRoles>

/** One step: which parameters have feedback, and how the model misbehaves from which call on. */
export const Step = Schema.Struct({
  feedback: Schema.Tuple([Schema.Boolean, Schema.Boolean, Schema.Boolean]),
  bad: Misbehaviour,
  from: Schema.Literals([0, 1, 2])
})
export type Step = typeof Step.Type

export const steps: Arbitrary.Arbitrary<Step> = Arbitrary.schema(Step)

const Settings = Schema.Struct({
  guide: Parameter.Text,
  limit: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 }))
})

const parameters = Parameters.make({
  first: Parameter.text("Answer.", { role: "first instructions" }),
  nested: {
    second: Parameter.text("Answer again.", { role: "second instructions" }),
    settings: Parameter.schema(Settings, { guide: "Be brief.", limit: 3 }, { role: "settings" })
  }
})
const entries = Parameters.entries(parameters)

const gradientsOf = ({ feedback }: Step): GradientMap.GradientMap =>
  GradientMap.make(
    new Map(
      entries.flatMap(({ name, variable }, i) => {
        const text = `Wrong. ${Rule.sentence({ topic: name, answer: `X${i}` })}`
        return feedback[i] === true ? [[variable, [Feedback.make(text, { from: "check", score: 0 })]] as const] : []
      })
    )
  )

const values = (of: typeof parameters) => Parameters.entries(of).map(({ variable }) => variable.value)

interface Run {
  readonly results: ReadonlyArray<Result.Result<typeof parameters, OptimizerError>>
  readonly requests: ReadonlyArray<Request.Request>
}

/** Steps of a fresh optimizer, one after the other. `bad`: from which editor call on the model misbehaves, a step. */
const run = (
  subject: Subject,
  all: ReadonlyArray<{ readonly step: Step; readonly bad: boolean }>
): Effect.Effect<Run> =>
  Effect.suspend(() => {
    let current: { readonly step: Step; readonly bad: boolean } | undefined
    let calls = 0
    const student = Student.reply(Student.defaults)
    const models = ScriptedModel.respond((request) =>
      current?.bad === true && calls++ >= current.step.from ? misbehave(current.step.bad, request) : student(request)
    )
    return Effect.gen(function* () {
      const results: Array<Run["results"][number]> = []
      for (const one of all) {
        current = one
        calls = 0
        results.push(yield* Effect.result(Optimizer.step(parameters, gradientsOf(one.step))))
      }
      return { results, requests: yield* (yield* ScriptedModel).requests }
    }).pipe(Effect.provide(subject, { local: true }), Effect.provide(models), Random.withSeed("law"))
  })

type OptimizerLaw = Law.Law<Subject, Step>

export const keepsWhatHasNoGradient: OptimizerLaw = Law.make(
  "a parameter without gradient keeps its value, and where there is no gradient no model is asked",
  Effect.fnUntraced(function* (subject: Subject, step: Step, law: Law.Check) {
    const { requests, results } = yield* run(subject, [{ step, bad: false }])
    const result = results[0]!
    if (Result.isFailure(result)) return yield* law.fail(`a good reply was refused: ${result.failure.message}`)
    const after = values(result.success)
    const changed = entries.filter(({ variable }, i) => step.feedback[i] !== true && after[i] !== variable.value)
    yield* law.expect(
      "the list of parameters that changed without a gradient",
      changed.map(({ name }) => name),
      []
    )
    if (!step.feedback.includes(true)) yield* law.expect("the number of calls", requests.length, 0)
  })
)

export const allOrNothing: OptimizerLaw = Law.make(
  "a proposal is about all parameters with a gradient and no other, or it is a failure",
  Effect.fnUntraced(function* (subject: Subject, step: Step, law: Law.Check) {
    let calls = 0
    const proposed = yield* Effect.result(Optimizer.propose(parameters, gradientsOf(step))).pipe(
      Effect.provide(subject, { local: true }),
      Effect.provide(
        ScriptedModel.respond((request) =>
          calls++ === step.from ? misbehave(step.bad, request) : Student.reply(Student.defaults)(request)
        )
      )
    )
    if (Result.isFailure(proposed)) return
    const names = entries.flatMap(({ name }, i) => (step.feedback[i] === true ? [name] : []))
    const proposal: Proposal = proposed.success
    yield* law.expect("the list of parameters proposed", [...proposal.values.keys()].sort(), names.sort())
  })
)

export const takesNothingBad: OptimizerLaw = Law.make(
  "what violates the schema, is empty, cut, filtered or unreadable is never taken as a value",
  Effect.fnUntraced(function* (subject: Subject, step: Step, law: Law.Check) {
    const [result] = (yield* run(subject, [{ step: { ...step, from: 0 }, bad: true }])).results
    if (result === undefined || Result.isFailure(result)) return
    yield* law.expect("what became of the values", values(result.success), values(parameters))
  })
)

export const failsClean: OptimizerLaw = Law.make(
  "a failed step changes nothing: the next one goes as if it had not been",
  Effect.fnUntraced(function* (subject: Subject, step: Step, law: Law.Check) {
    const good = { step, bad: false }
    const after = yield* run(subject, [good, { step: { ...step, from: 0 }, bad: true }, good])
    if (Result.isSuccess(after.results[1]!)) return
    const without = yield* run(subject, [good, good])
    const last = without.requests.length / 2
    yield* law.expect("the requests after it", after.requests.slice(-last), without.requests.slice(-last))
    yield* law.expect("the values after it", shown(after.results.at(-1)!), shown(without.results.at(-1)!))
  })
)

const shown = (result: Run["results"][number]): unknown =>
  Result.isSuccess(result) ? values(result.success) : result.failure.message

export const repeats: OptimizerLaw = Law.make(
  "the same replies and the same seed give the same requests and the same values",
  Effect.fnUntraced(function* (subject: Subject, step: Step, law: Law.Check) {
    const two = [
      { step, bad: false },
      { step, bad: true }
    ]
    const [once, again] = [yield* run(subject, two), yield* run(subject, two)]
    yield* law.expect("the requests of a second run", again.requests, once.requests)
    yield* law.expect("the values of a second run", again.results.map(shown), once.results.map(shown))
  })
)

/** All of them. */
export const all: ReadonlyArray<OptimizerLaw> = [
  keepsWhatHasNoGradient,
  allOrNothing,
  takesNothingBad,
  failsClean,
  repeats
]
