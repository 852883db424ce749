/**
 * One optimisation from end to end: the initial parameters on the held-out test set, training, the best parameters on the
 * same examples. What happens is told as it happens, and kept in the run's folder.
 */
import { Evaluation, Event, HeldOut, Journal, Parameters, Place, Trainer, UsageMeter } from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import * as ReplyCache from "../models/ReplyCache.ts"
import type { RunFolder } from "../run/RunFolder.ts"
import { changed, type RunRecord, type Settings } from "../run/RunRecord.ts"
import * as optimizers from "../strategy/optimizers.ts"
import * as selectors from "../strategy/selectors.ts"
import type { Notice, When } from "./Notice.ts"
import type { Plan } from "./Plan.ts"

/** Who proposes and who decides. */
export const strategies = (settings: Settings) =>
  Layer.mergeAll(optimizers.entries[settings.optimizer].layer, selectors.layer(settings.selector, settings))

const gates = { "not-worse": "notWorse", "strict-gain": "strictGain" } as const
const choices = { "round-robin": "roundRobin", "most-blamed": "mostBlamed" } as const

/** How often an example is tried where candidates are compared, and at which temperature. */
const tries = ({
  samples = 1,
  temperature
}: { readonly [name in "samples" | "temperature"]?: number | undefined }) => ({
  repeat: { times: samples, temperature }
})

/** How wide a step searches, as the trainer has it. */
export const search = ({
  batchSize,
  copies,
  errorsOnly,
  minibatchGate,
  parameters,
  parents,
  proposals,
  race,
  samples,
  screen,
  temperature
}: Settings): Partial<Trainer.Options> => ({
  ...tries({ samples, temperature }),
  ...(parents === undefined ? {} : { parents }),
  ...(proposals === undefined ? {} : { proposals }),
  ...(minibatchGate === undefined ? {} : { minibatchGate: gates[minibatchGate] }),
  ...(screen === undefined ? {} : { screen: { keep: screen, examples: batchSize } }),
  ...(race === undefined ? {} : { race: { rounds: race } }),
  ...(parameters === undefined ? {} : { parameters: choices[parameters] }),
  ...(errorsOnly === undefined ? {} : { errorsOnly }),
  ...(copies === undefined ? {} : { checks: { copies } })
})

/**
 * Runs a plan. `record` always says what is known so far, also when the run ends early. Over the journal of an earlier
 * session the same happens again without a call, up to where that one ended; what stands in the folder stays.
 */
export const run = Effect.fnUntraced(function* (
  { run, loaded, settings }: Plan,
  folder: RunFolder,
  record: Ref.Ref<RunRecord>,
  tell: (notice: Notice) => Effect.Effect<void>
) {
  const { task } = loaded
  const onFailure = settings.onFailure === undefined ? {} : { onFailure: settings.onFailure }
  const meter = yield* UsageMeter
  const journal = yield* Journal.Journal
  const begun = yield* Clock.currentTimeMillis
  const { cached: had = 0, elapsedMs: earlier } = yield* Ref.get(record)
  const note = Effect.fnUntraced(function* (fields: Partial<RunRecord>) {
    const usage = yield* meter.read
    const spend = yield* meter.spend
    // those of the earlier session come from the journal now
    const cached = had + (yield* ReplyCache.had)
    const now = yield* Clock.currentTimeMillis
    yield* Ref.update(record, (known) => ({
      ...known,
      ...fields,
      usage,
      spend,
      ...(cached === 0 ? {} : { cached }),
      elapsedMs: earlier + now - begun
    }))
  })
  const said = (notice: Notice) => Effect.andThen(note({}), tell(notice))

  const test = Effect.fnUntraced(function* (when: When, parameters: Parameters.Any) {
    if (task.test.length === 0) return undefined
    yield* said({ _tag: "TestStarted", when, total: task.test.length })
    const report = yield* Evaluation.run(task, parameters, task.test, {
      concurrency: settings.concurrency,
      ...onFailure,
      // as in validation, so that both gains are of one kind
      ...tries(settings),
      onResult: (result) => said({ _tag: "Tested", when, result })
    }).pipe(Place.within(`test ${when}`))
    yield* journal.mark(`test ${when}`)
    const summary = Evaluation.summary(report)
    yield* note({ [when]: summary })
    yield* said({ _tag: "TestFinished", when, summary })
    return HeldOut.scores(report)
  })

  const validations = new Map<number, Event.Summary>()
  /** By candidate; of those that were not kept none. */
  const examples = new Map<number, Array<Event.Event>>()
  const keep = Effect.fnUntraced(function* (told: Event.Event) {
    const { event, isNew } = yield* folder.append(told)
    if (event._tag === "Evaluated" && event.split === "validation") validations.set(event.candidate, event.summary)
    if (event._tag === "ExampleEvaluated" && event.split === "validation") {
      const known = examples.get(event.candidate)
      if (known === undefined) examples.set(event.candidate, [event])
      else known.push(event)
    }
    if (event._tag === "Rejected") examples.delete(event.candidate)
    if (event._tag === "Checkpointed" || event._tag === "RunFinished") {
      const stopped = event._tag === "RunFinished" ? { stopped: event.stopped } : {}
      const [before, after] = [validations.get(0), validations.get(event.candidate)]
      const validated = before === undefined || after === undefined ? {} : { validated: { before, after } }
      yield* note({ best: event.parameters, candidate: event.candidate, ...validated, ...stopped })
      // what was saved when this was told first may be further on already
      if (isNew) {
        yield* folder.saveParameters(event.parameters)
        yield* folder.saveRecord(yield* Ref.get(record))
      }
    }
    yield* said(event)
  })

  const before = yield* test("before", task.parameters)
  yield* Stream.runForEach(
    Trainer.fit(task, {
      run,
      steps: settings.steps,
      batchSize: settings.batchSize,
      ...search(settings),
      concurrency: settings.concurrency,
      seed: settings.seed,
      ...onFailure
    }),
    keep
  )
  const known = yield* Ref.get(record)
  if (!changed(known)) return
  const after = yield* test("after", yield* Parameters.load(task.parameters, known.best))
  if (before === undefined || after === undefined) return
  const scores = (candidate: number) => Event.validated(examples.get(candidate) ?? [], candidate)
  const { gain, luck } = yield* HeldOut.of({
    test: { before, after },
    validation: { before: scores(0), after: scores(known.candidate) }
  })
  yield* note({ ...(gain === undefined ? {} : { gain }), ...(luck === undefined ? {} : { luck }) })
})
