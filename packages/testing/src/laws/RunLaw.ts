/**
 * The laws of whole runs: an optimizer and a selector in `Trainer.fit`, on a task of a few examples.
 */
import {
  Evaluation,
  type Event,
  Example,
  type ModelRoles,
  Models,
  Optimizer,
  Parameters,
  type ProposalRequest,
  type Request,
  Selector,
  Trainer
} from "@backprose/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ScriptedModel } from "../scripted/ScriptedModel.ts"
import * as Rule from "../student/Rule.ts"
import * as Student from "../student/Student.ts"
import * as Law from "./Law.ts"
import { Misbehaviour, misbehave } from "./misbehaviour.ts"
import { task } from "./readers.ts"

/** What is under test, together. */
export type Subject = Layer.Layer<Optimizer | Selector, never, ModelRoles>

const below = (limit: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: limit - 1 }))

const steps = 3

/** How a run is set up, what it may spend, and in which of its steps the critic or the editor is of no use. */
export const Setting = Schema.Struct({
  seed: below(100),
  /** 0: a step extends one candidate by one proposal; else it extends two, by two proposals each. */
  width: below(4),
  /** The budget, in tenths of what the run would spend without one. */
  tenths: below(10),
  trouble: Schema.Struct({ step: below(steps), bad: Misbehaviour })
})
export type Setting = typeof Setting.Type

export const settings: Arbitrary.Arbitrary<Setting> = Arbitrary.schema(Setting)

type Known = Pick<ProposalRequest, "candidates" | "lineage" | "earlier">

interface Run {
  readonly events: ReadonlyArray<Event.Event>
  /** What ended it, where it did not end by itself. */
  readonly failure: string | undefined
  readonly requests: ReadonlyArray<Request.Request>
  /** What was known at the beginning of each step. */
  readonly known: ReadonlyMap<number, Known>
}

interface Options {
  readonly concurrency?: number
  readonly calls?: number
  /** Who is of no use in the step in trouble. */
  readonly trouble?: "backward" | "optimizer"
}

const student = Student.reply(Student.defaults)

/** The student; as editor, it drops all rules every other time: some proposals are worse than what they replace. */
const answer = (request: Request.Request, { seed }: Setting): Schema.Json => {
  const reply = student(request)
  const isBare = request.purpose === "optimizer" && (JSON.stringify(request.messages).length + seed) % 2 === 0
  return isBare ? JSON.parse(Rule.strip(JSON.stringify(reply))) : reply
}

const run = (subject: Subject, setting: Setting, options: Options = {}): Effect.Effect<Run> =>
  Effect.suspend(() => {
    const { concurrency = 8, trouble } = options
    const known = new Map<number, Known>()
    const events: Array<Event.Event> = []
    let step = 0
    const { bad } = setting.trouble
    const isBad = ({ purpose }: Request.Request) => purpose === trouble && step === 1 + setting.trouble.step
    const models = ScriptedModel.respond((request) => {
      const reply = isBad(request) ? misbehave(bad, request) : answer(request, setting)
      // who comes first is another at each concurrency: of the proposals of a step, the first or the second
      const isSlow = (request.sample + concurrency) % 2 === 0
      const wait = (JSON.stringify(request.messages).length % 3) + (isSlow ? 4 : 0)
      return Effect.as(Effect.repeat(Effect.yieldNow, { times: wait }), reply)
    })
    // an optimizer is asked first whether it reads gradients: that is where a step can be seen to begin
    const listening = Layer.effect(
      Optimizer,
      Effect.map(Optimizer, ({ differentiates = true, propose }) => ({
        propose,
        differentiates: (knowledge) => {
          step = knowledge.step
          if (!known.has(step)) {
            const { candidates, earlier, lineage } = knowledge
            known.set(step, { candidates: [...candidates], earlier: new Map(earlier), lineage: [...lineage] })
          }
          return typeof differentiates === "boolean" ? differentiates : differentiates(knowledge)
        }
      }))
    )
    const { seed } = setting
    const width = setting.width === 0 ? 1 : 2
    const size = { steps, batchSize: 3, parents: width, proposals: width }
    return Effect.gen(function* () {
      const scripted = yield* ScriptedModel
      const budget = options.calls === undefined ? {} : { calls: options.calls }
      const models = Models.layer({ forward: scripted.layer, retry: { times: 0 }, budget })
      const exit = yield* Trainer.fit(task, { seed, ...size, concurrency, target: 2 }).pipe(
        Stream.runForEach((event) => Effect.sync(() => events.push(event))),
        Effect.provide(Layer.provideMerge(listening, subject), { local: true }),
        Effect.provide(models, { local: true }),
        // nobody reads the spans
        Effect.withTracerEnabled(false),
        Effect.exit
      )
      const failure = exit._tag === "Failure" ? Cause.pretty(exit.cause) : undefined
      return { events, failure, requests: yield* scripted.requests, known }
    }).pipe(Effect.provide(models), Random.withSeed("law"))
  })

/** What does not depend on how fast anything was. */
const told = (events: ReadonlyArray<Event.Event>): ReadonlyArray<string> =>
  events.map(({ at: _at, spend: _spend, usage: _usage, ...event }) => JSON.stringify(event))

/** Fails unless so many events are those that another run began with: the first that differs is named. */
const begins = Effect.fnUntraced(function* (
  law: Law.Check,
  what: string,
  events: ReadonlyArray<string>,
  whole: ReadonlyArray<string>
) {
  for (const [i, event] of events.entries()) yield* law.expect(`event ${i} ${what}`, event, whole[i])
})

type RunLaw = Law.Law<Subject, Setting>

export const repeats: RunLaw = Law.make(
  "with the same seed a run is the same, at any concurrency, and comes to its end",
  Effect.fnUntraced(function* (subject: Subject, setting: Setting, law: Law.Check) {
    const once = yield* run(subject, setting)
    if (once.failure !== undefined) yield* law.fail(once.failure)
    const again = yield* run(subject, setting, { concurrency: 1 })
    yield* begins(law, "of a run at concurrency 1", told(again.events), told(once.events))
  })
)

/** The sum of the scores on the selector's own examples: what failed counts as wrong. */
const worth = Effect.fnUntraced(function* (parameters: Parameters.Saved) {
  const loaded = yield* Parameters.load(task.parameters, parameters)
  const { results } = yield* Evaluation.run(task, loaded, task.validation).pipe(
    Effect.provide(ScriptedModel.respond(student))
  )
  return results.reduce((sum, result) => sum + (Example.scoreOf(result) ?? 0), 0)
})

const ending = (events: ReadonlyArray<Event.Event>) => {
  const last = events.at(-1)
  return last?._tag === "RunFinished" ? last : undefined
}

/** What the run hands out, and would have handed out had it ended before. */
const neverWorseThanTheSeed = Effect.fnUntraced(function* (subject: Subject, { events }: Run, law: Law.Check) {
  const { evaluates } = yield* Effect.provide(Selector, subject, { local: true }).pipe(
    Effect.provide(ScriptedModel.respond(student))
  )
  if (!evaluates) return
  const seed = yield* worth(Parameters.save(task.parameters))
  const seen = new Set([0])
  for (const event of events) {
    if ((event._tag !== "Checkpointed" && event._tag !== "RunFinished") || seen.has(event.candidate)) continue
    seen.add(event.candidate)
    const end = yield* worth(event.parameters)
    if (end >= seed - 1e-9) continue
    yield* law.fail(`candidate ${event.candidate} is handed out: ${end} of ${task.validation.length}, the seed ${seed}`)
  }
})

export const neverWorse: RunLaw = Law.make(
  "behind a gate, what a run hands out is never worse than the seed on the gate's own data",
  Effect.fnUntraced(function* (subject: Subject, setting: Setting, law: Law.Check) {
    yield* neverWorseThanTheSeed(subject, yield* run(subject, setting), law)
  })
)

export const keepsItsBudget: RunLaw = Law.make(
  "a budget is never exceeded: the run is the beginning of the one without, hands out its best, and says why it ended",
  Effect.fnUntraced(function* (subject: Subject, setting: Setting, law: Law.Check) {
    const whole = yield* run(subject, setting)
    const all = whole.requests.length
    const share = (of: ReadonlyArray<number>) => of[Math.floor((of.length * setting.tenths) / 10)]
    // somewhere, and where it is the optimizer who is refused
    const proposing = whole.requests.flatMap(({ purpose }, place) => (purpose === "optimizer" ? [place] : []))
    for (const calls of new Set([Math.floor((all * setting.tenths) / 10), share(proposing) ?? all - 1])) {
      const short = yield* run(subject, setting, { calls })
      if (short.requests.length > calls) yield* law.fail(`${short.requests.length} calls with a budget of ${calls}`)
      yield* law.expect(`what ended a run of ${calls} calls`, short.failure ?? ending(short.events)?.stopped, "budget")
      yield* begins(law, `of a run of ${calls} calls`, told(short.events.slice(0, -1)), told(whole.events))
      yield* neverWorseThanTheSeed(subject, short, law)
    }
  })
)

export const failsClean: RunLaw = Law.make(
  "a step that fails changes nothing: the next one begins with the same candidates and versions",
  Effect.fnUntraced(function* (subject: Subject, setting: Setting, law: Law.Check) {
    for (const trouble of ["backward", "optimizer"] as const) {
      const { events, failure, known } = yield* run(subject, setting, { trouble })
      const step = 1 + setting.trouble.step
      // whoever asks no model is in no trouble
      if (events.some((event) => event._tag === "Proposed" && event.step === step)) continue
      const kept = (step: number) =>
        events.flatMap((event) => (event._tag === "Checkpointed" && event.step === step ? [event.parameters] : []))
      if (failure !== undefined) {
        yield* law.expect("what is kept of it", kept(step), [])
        continue
      }
      const before = step === 1 ? [Parameters.save(task.parameters)] : kept(step - 1)
      yield* law.expect("the parameters after it", kept(step), before)
      if (step < steps) yield* law.expect("what is known in the next", known.get(step + 1), known.get(step))
    }
  })
)

/** All of them. */
export const all: ReadonlyArray<RunLaw> = [repeats, neverWorse, keepsItsBudget, failsClean]
