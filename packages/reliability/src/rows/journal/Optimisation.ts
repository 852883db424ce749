/**
 * A whole small optimisation, run on a disk: what it ends with, what it asked the provider, and which replies it used.
 * The provider says the same to the same question, so that runs can be held against one another.
 */
import {
  BackwardModel,
  Journal,
  JournalKey,
  Models,
  OptimizerModel,
  Parameters,
  Place,
  type Request,
  TextModel,
  type TextModelService,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { type FaultDisk, StudentModel } from "@backprose/testing"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hash from "effect/Hash"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

export const path = "runs/one/journal"

export const task = StudentModel.task({ rules: 3, sizes: { train: 3, validation: 2, test: 1 } })
const options = { steps: 2, batchSize: 2, concurrency: 4, seed: 3, run: "one" }

/** Something that happens between the provider and the program, by number of the call. */
export type Between = (call: number, moment: "before it is sent" | "after its reply") => Effect.Effect<void>

/** One process, from its start to its end, whatever that was. */
export interface Session {
  /** `finished`, `crashed`, or the tag of the failure. */
  readonly end: string
  /** The final parameters and the events, without what depends on the clock and on earlier sessions. */
  readonly outcome: string
  /** What was asked of the provider: where, and what. */
  readonly asked: ReadonlyArray<string>
  /** What the program got an answer to, from the provider or from the journal. */
  readonly used: ReadonlySet<string>
  /** Replies that were on the disk when it began. */
  readonly kept: ReadonlySet<string>
  readonly warnings: ReadonlyArray<string>
}

/** As the journal tells questions apart. No program here asks the same twice in one place. */
const nameOf = (place: string, key: string) => `${place}: ${key}`
const question = (request: Request.Request, { identity }: TextModelService) =>
  Effect.map(Place.Place, (place) => nameOf(place, JournalKey.of(request, identity)))

/** `fingerprint` and `program` as in a run whose settings or code have changed. */
export interface Options {
  readonly between?: Between
  readonly fingerprint?: Readonly<{ [name: string]: string }>
  readonly task?: typeof task
}

/** Runs it, or goes on with it: that depends on what is on the disk. */
export const run = Effect.fnUntraced(function* (
  disk: FaultDisk.FaultDisk,
  { between = () => Effect.void, fingerprint = {}, task: asked_ = task }: Options = {}
): Effect.fn.Return<Session> {
  const asked: Array<string> = []
  const used = new Set<string>()
  const warnings: Array<string> = []
  const kept = new Set<string>()

  const provider = Layer.effect(
    TextModel,
    Effect.map(
      TextModel,
      (model) =>
        ({
          ...model,
          complete: Effect.fnUntraced(function* (request) {
            const call = asked.length + 1
            yield* between(call, "before it is sent")
            const one = yield* question(request, model)
            asked.push(one)
            // the longer the question's hash, the longer it takes: replies come in another order than questions go
            for (let turn = Math.abs(Hash.string(one)) % 7; turn > 0; turn--) yield* Effect.yieldNow
            const reply = yield* model.complete(request)
            yield* between(call, "after its reply")
            return reply
          })
        }) satisfies TextModelService
    )
  ).pipe(Layer.provide(StudentModel.layer()))

  /** Notes what comes out of all policies, the journal included. */
  const noted = (model: TextModelService): TextModelService => ({
    ...model,
    complete: (request) =>
      Effect.tap(model.complete(request), () => Effect.map(question(request, model), (one) => used.add(one)))
  })
  const models = Layer.effectContext(
    Effect.map(Layer.build(Models.layer({ forward: provider, concurrency: 4, retry: { times: 0 } })), (context) =>
      Context.make(TextModel, noted(Context.get(context, TextModel))).pipe(
        Context.add(BackwardModel, noted(Context.get(context, BackwardModel))),
        Context.add(OptimizerModel, noted(Context.get(context, OptimizerModel)))
      )
    )
  )

  const program = Effect.gen(function* () {
    const journal = yield* Journal.Journal
    for (const record of journal.history.records) {
      if (record._tag === "Replied") kept.add(nameOf(record.place, record.key))
    }
    return yield* Effect.gen(function* () {
      const events = yield* Stream.runCollect(Trainer.fit(asked_, options))
      const parameters = yield* Trainer.result(asked_)(Stream.fromIterable(events))
      return JSON.stringify([Parameters.save(parameters), events.map(({ at: _at, usage: _usage, ...event }) => event)])
    }).pipe(Effect.onExit((exit) => Effect.ignore(journal.end(Exit.isFailure(exit)))))
  }).pipe(
    Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
    Effect.provide(models),
    Effect.provide(Journal.layerFile({ path, fingerprint })),
    Effect.provide([disk.layer, Logger.layer([Logger.make(({ message }) => void warnings.push(String(message)))])])
  )
  const exit = yield* Effect.exit(program)
  const end = disk.hasCrashed() ? "crashed" : Exit.isSuccess(exit) ? "finished" : tagOf(exit.cause)
  return { end, outcome: Exit.isSuccess(exit) ? exit.value : "", asked, used, kept, warnings }
})

const tagOf = (cause: Cause.Cause<unknown>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onNone: () => Cause.pretty(cause),
    onSome: (error) => {
      const reason = typeof error === "object" && error !== null && "reason" in error ? error.reason : error
      return typeof reason === "object" && reason !== null && "_tag" in reason ? String(reason._tag) : String(reason)
    }
  })
