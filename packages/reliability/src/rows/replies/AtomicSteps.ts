/** H4: a step changes all its parameters or none, whichever replies are malformed. */
import {
  Completion,
  Feedback,
  GradientMap,
  Latest,
  Message,
  Optimizer,
  Parameter,
  Parameters,
  type Request,
  Task,
  Template,
  TextModelError,
  TextualGradientDescent,
  Trainer
} from "@backprose/core"
import { type Said, ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Row } from "../../Row.ts"

const edited = (value: string): Said => ({ value, changed: "more" })

/** Ways in which a reply is of no use. */
const malformed: ReadonlyArray<readonly [string, Said]> = [
  ["no JSON", "I would rather not."],
  ["half of it", '{"value":"New'],
  ["cut", Completion.make(JSON.stringify(edited("New.")), { finishReason: "length" })],
  ["filtered", Completion.make("", { finishReason: "content-filter" })],
  ["empty", " "],
  ["an empty value", edited(" ")],
  ["two values", `${JSON.stringify(edited("New."))} or ${JSON.stringify(edited("Newer."))}`],
  ["a failed call", new TextModelError.ReplyTooLarge({ message: "too large" })]
]

const name = (i: number) => `p${i}`
const parametersOf = (k: number) =>
  Parameters.make(
    Object.fromEntries(
      Array.from({ length: k }, (_, i) => [name(i), Parameter.text(`Old ${i}.`, { role: `text number ${i} of all` })])
    )
  )

/** Which parameter a request of the editor is about. */
const subject = ({ messages }: Request.Request): number =>
  Number(/used as "text number (\d+) of all"/.exec(messages.map(Message.text).join("\n"))?.[1])

/** The editor: `bad` parameters get the malformed reply, as often as it is asked, while `until` says so. */
const editor = (bad: ReadonlyArray<number>, reply: Said, until: () => boolean) =>
  ScriptedModel.respond((request) => {
    if (request.purpose !== "optimizer") return "Say more."
    const i = subject(request)
    return bad.includes(i) && until() ? reply : edited(`New ${i}.`)
  })

const optimizer = TextualGradientDescent.layer()

/** A step by itself: the failure, and parameters that are as they were. */
const direct = Effect.fnUntraced(function* (k: number, bad: ReadonlyArray<number>, reply: Said) {
  const parameters = parametersOf(k)
  const before = JSON.stringify(Parameters.save(parameters))
  const gradients = GradientMap.make(
    new Map(
      Parameters.entries(parameters).map(({ variable }) => [variable, [Feedback.make("more", { from: "judge" })]])
    )
  )
  const result = yield* Effect.result(Optimizer.step(parameters, gradients)).pipe(
    Effect.provide(optimizer, { local: true }),
    Effect.provide(
      editor(bad, reply, () => true),
      { local: true }
    )
  )
  if (JSON.stringify(Parameters.save(parameters)) !== before) return "the old parameters changed"
  if (bad.length === 0)
    return result._tag === "Success" ? whole(k, Parameters.save(result.success)) : "a good step failed"
  return result._tag === "Failure" && result.failure._tag === "OptimizerError" ? undefined : "it did not fail"
})

const whole = (k: number, saved: Parameters.Saved): string | undefined =>
  Array.from({ length: k }, (_, i) => saved[name(i)] === `New ${i}.`).every(Boolean)
    ? undefined
    : `half a step: ${JSON.stringify(saved)}`

const { fill: allTexts } = Template

/** A run whose first step meets the malformed replies: it is skipped, and the second changes everything. */
const trained = Effect.fnUntraced(function* (k: number, bad: ReadonlyArray<number>, reply: Said) {
  let step = 0
  const task = Task.make({
    name: "atomic",
    parameters: parametersOf(k),
    // one example a step: each forward pass begins a step
    forward: (p, _: string) =>
      Effect.suspend(() => {
        step += 1
        return allTexts({ parts: Object.values(p) }, "all texts")
      }),
    metric: (output) => ({ score: output.includes("Old") ? 0 : 1, feedback: "more" }),
    train: ["a"]
  })
  const events: Array<string> = []
  const run = Trainer.fit(task, { steps: 2, seed: k }).pipe(
    Stream.tap((event) =>
      Effect.sync(() => {
        if (event._tag === "StepSkipped" || event._tag === "Proposed") events.push(`${event._tag} ${event.step}`)
      })
    ),
    Stream.runLast
  )
  const last = yield* run.pipe(
    Effect.provide(Layer.mergeAll(optimizer, Latest.layer), { local: true }),
    Effect.provide(
      editor(bad, reply, () => step === 1),
      { local: true }
    )
  )
  if (events.join() !== "StepSkipped 1,Proposed 2") return `what happened: ${events.join()}`
  const end = last._tag === "Some" && last.value._tag === "RunFinished" ? last.value : undefined
  return end === undefined ? "the run did not finish" : whole(k, end.parameters)
})

const measure = Effect.gen(function* () {
  const details: Array<string> = []
  let cases = 0
  const check = (what: string, problem: string | undefined) => {
    cases += 1
    if (problem !== undefined) details.push(`${what}: ${problem}`)
  }
  for (let k = 1; k <= 8; k++) {
    check(`${k} good replies`, yield* direct(k, [], ""))
    for (const [how, reply] of malformed) {
      for (let i = 0; i < k; i++) {
        check(`${how} for ${i} of ${k}`, yield* direct(k, [i], reply))
        check(`${how} for ${i} of ${k}, in a run`, yield* trained(k, [i], reply))
      }
      const most = Array.from({ length: k }, (_, i) => i).slice(k === 1 ? 0 : 1)
      check(`${how} for all but the first of ${k}`, yield* direct(k, most, reply))
    }
  }
  const held = cases - details.length
  return {
    figure: `${((100 * held) / cases).toFixed(1)} % of ${cases}`.replace("100.0", "100"),
    held: details.length === 0,
    details: details.slice(0, 20)
  }
})

/** Steps of 1 to 8 parameters with each reply malformed in turn, in 8 ways, by themselves and in runs. */
export const atomicSteps: Row = {
  id: "H4",
  title: "a step changes all its parameters or none; a failed proposal costs its step and nothing else",
  wanted: "100 %",
  speed: "fast",
  measure
}
