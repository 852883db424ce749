/**
 * One optimisation from end to end: the initial parameters on the held-out test set, training, the best parameters on the
 * same examples. What happens is told as it happens, and kept in the run's folder.
 */
import { Evaluation, type Event, Journal, Parameters, Place, Trainer, UsageMeter } from "@backprose/core"
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

/** How wide a step searches, as the trainer has it. */
export const search = ({
  batchSize,
  checks,
  errorsOnly,
  minibatchGate,
  parameters,
  parents,
  proposals,
  race,
  samples = 1,
  screen,
  temperature
}: Settings): Partial<Trainer.Options> => ({
  repeat: { times: samples, temperature },
  ...(parents === undefined ? {} : { parents }),
  ...(proposals === undefined ? {} : { proposals }),
  ...(minibatchGate === undefined ? {} : { minibatchGate: gates[minibatchGate] }),
  ...(screen === undefined ? {} : { screen: { keep: screen, examples: batchSize } }),
  ...(race === undefined ? {} : { race: { rounds: race } }),
  ...(parameters === undefined ? {} : { parameters: choices[parameters] }),
  ...(errorsOnly === undefined ? {} : { errorsOnly }),
  ...(checks === undefined ? {} : { checks: { copies: checks } })
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
  const { cached: had = 0, elapsedMs: before } = yield* Ref.get(record)
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
      elapsedMs: before + now - begun
    }))
  })
  const said = (notice: Notice) => Effect.andThen(note({}), tell(notice))

  const test = Effect.fnUntraced(function* (when: When, parameters: Parameters.Any) {
    if (task.test.length === 0) return
    yield* said({ _tag: "TestStarted", when, total: task.test.length })
    const report = yield* Evaluation.run(task, parameters, task.test, {
      concurrency: settings.concurrency,
      ...onFailure,
      onResult: (result) => said({ _tag: "Tested", when, result })
    }).pipe(Place.within(`test ${when}`))
    yield* journal.mark(`test ${when}`)
    const summary = Evaluation.summary(report)
    yield* note({ [when]: summary })
    yield* said({ _tag: "TestFinished", when, summary })
  })

  const validations = new Map<number, Event.Summary>()
  const keep = Effect.fnUntraced(function* (told: Event.Event) {
    const { event, isNew } = yield* folder.append(told)
    if (event._tag === "Evaluated" && event.split === "validation") validations.set(event.candidate, event.summary)
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

  yield* test("before", task.parameters)
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
  if (changed(known)) yield* test("after", yield* Parameters.load(task.parameters, known.best))
})
