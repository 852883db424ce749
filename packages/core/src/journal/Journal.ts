/**
 * Exact resume: every reply is kept before it is used, and a run over its journal asks nothing twice. Resuming is running
 * again: what was asked before is answered from the journal, and the run goes on where it had stopped.
 *
 * A program must ask the same things again, given the same replies: what it does may depend on its seed, not on the clock
 * or on which of two calls was faster. (The same rule as in Temporal's and Restate's replayed workflows.)
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { Completion } from "../model/Completion.ts"
import { Place } from "../model/Place.ts"
import * as Secrets from "../model/Secrets.ts"
import { decorated, type Service as Model } from "../model/Service.ts"
import { sha256 } from "../model/sha256.ts"
import { isOwnRefusal, JournalMismatch, JournalUnwritable } from "../model/TextModelError.ts"
import * as FileLog from "./FileLog.ts"
import type { JournalUnreadable, RunLocked } from "./JournalError.ts"
import * as Key from "./Key.ts"
import * as Lock from "./Lock.ts"
import { type Log, memory } from "./Log.ts"
import * as Outcomes from "./Outcomes.ts"
import { type Record, version } from "./Record.ts"

/** What went before, for budgets and meters that outlive a process. */
export interface History {
  readonly records: ReadonlyArray<Record>
  /** Whether there is anything to resume. */
  readonly resumed: boolean
}

/** The journal of a run. */
export interface Service {
  /** A model whose replies are kept; belongs outside of whatever costs. `onReplay` is told of those that cost nothing now. */
  readonly replaying: (model: Model, onReplay?: (completion: Completion) => Effect.Effect<void>) => Model
  /** Notes each request as it goes out and comes back; belongs right around the provider. */
  readonly sending: (model: Model) => Model
  /** The result of any other effect, kept like a reply. `input`: what it depends on. */
  readonly recorded: <A, E, R>(
    name: string,
    input: string,
    schema: Schema.Codec<A, Schema.Json>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | JournalUnwritable | JournalMismatch, R>
  /** Everything before this belongs together: from now on, asking anything else there is a mismatch. */
  readonly mark: (name: string) => Effect.Effect<void, JournalUnwritable | JournalMismatch>
  /** The run is over. */
  readonly end: (failed: boolean) => Effect.Effect<void, JournalUnwritable>
  readonly history: History
}

/** No journal: nothing is kept. */
export const none: Service = {
  replaying: (model) => model,
  sending: (model) => model,
  recorded: (_name, _input, _schema, effect) => effect,
  mark: () => Effect.void,
  end: () => Effect.void,
  history: { records: [], resumed: false }
}

/** The journal in use; none unless one is provided. */
export const Journal: Context.Reference<Service> = Context.Reference<Service>("@backprose/core/Journal", {
  defaultValue: () => none
})

/** The question under way, which `replaying` tells `sending`. */
const Question = Context.Reference<{ readonly key: string; readonly occurrence: number } | undefined>(
  "@backprose/core/Journal/Question",
  { defaultValue: () => undefined }
)

/** A question, as it is told apart from all others. */
interface Asked {
  readonly place: string
  readonly key: string
  readonly occurrence: number
}

/**
 * A journal over a log. `fingerprint`: what must be the same when it is resumed (task, data, seed, models, options that
 * steer the run), by name; a difference is a `JournalMismatch` that names it.
 */
export const make = Effect.fnUntraced(function* (
  log: Log,
  fingerprint: Readonly<{ [name: string]: string }> = {}
): Effect.fn.Return<Service, JournalUnwritable | JournalMismatch> {
  const outcomes = Outcomes.of(log.records)
  const changed = differences(log.records, fingerprint)
  if (changed !== undefined) return yield* changed

  const append = (durable: boolean, record: (at: number) => Record) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => log.append(record(at), durable))
  yield* append(false, (at) => ({ _tag: "Opened", version, at, fingerprint }))

  // where the journal cannot be written, the next that must be kept will say so
  const gaveUp = (because: "interrupted" | "failed", question: Asked) =>
    Effect.ignore(append(false, (at) => ({ _tag: "GivenUp", ...question, at, because })))

  /**
   * What was never asked in a step that is complete. A call beside it may have failed then, before it came to this: it is
   * given up again as soon as that is told again. Where nothing is told any more, the program has changed.
   */
  const unknown = Effect.fnUntraced(function* (
    message: string,
    place: string
  ): Effect.fn.Return<never, JournalMismatch> {
    for (let before = -1; before !== outcomes.answered(); ) {
      before = outcomes.answered()
      yield* Effect.sleep(quiet)
    }
    return yield* mismatch(message, place)
  })

  const replaying: Service["replaying"] = (model, onReplay = () => Effect.void) =>
    decorated(model, (request) =>
      Effect.flatMap(Place, (place) => {
        const key = Key.of(request, model.identity)
        const { occurrence, outcome, unexpected } = outcomes.next(place, key)
        if (unexpected !== undefined) return unknown(unexpected, place)
        if (outcome?._tag === "Replied") return Effect.as(onReplay(outcome.completion), outcome.completion)
        if (outcome?._tag === "Failed") return Effect.fail(outcome.error)
        if (outcome?._tag === "GivenUp" && outcome.because === "interrupted") return givenUp(place)
        const question = { place, key, occurrence }
        // from the moment that a reply is here until it is kept, nothing may come between
        return Effect.uninterruptibleMask((restore) =>
          restore(Effect.provideService(model.complete(request), Question, { key, occurrence })).pipe(
            Effect.onInterrupt(() => gaveUp("interrupted", question)),
            Effect.tap((completion) => append(true, (at) => ({ _tag: "Replied", ...question, at, completion }))),
            Effect.tapError((error) =>
              isOwnRefusal(error)
                ? gaveUp("failed", question)
                : append(true, (at) => ({ _tag: "Failed", ...question, at, error }))
            )
          )
        )
      })
    )

  const sending = (model: Model): Model =>
    decorated(model, (request) =>
      Effect.flatMap(Effect.all([Place, Question]), ([place, question]) => {
        if (question === undefined) return model.complete(request)
        const { identity } = model
        const fields = { place, ...question }
        return append(false, (at) => ({
          _tag: "Sent",
          ...fields,
          at,
          ...(identity === undefined ? {} : { identity }),
          request
        })).pipe(
          Effect.andThen(model.complete(request)),
          Effect.tapError((error) => {
            const usage = "usage" in error && error.usage !== undefined ? { usage: error.usage } : {}
            return append(false, (at) => ({ _tag: "Returned", ...fields, at, error: error._tag, ...usage }))
          })
        )
      })
    )

  const recorded: Service["recorded"] = Effect.fnUntraced(function* (name, input, schema, effect) {
    const place = yield* Place
    const { maskAll } = yield* Secrets.Known
    const key = sha256(JSON.stringify([name, input]))
    const { occurrence, outcome, unexpected } = outcomes.next(place, key)
    if (unexpected !== undefined) return yield* unknown(unexpected, place)
    if (outcome?._tag === "Recorded") {
      return yield* Effect.mapError(Schema.decodeUnknownEffect(schema)(outcome.value), () =>
        mismatch(`the recorded result of "${name}" is of another type`, place)
      )
    }
    if (outcome?._tag === "GivenUp" && outcome.because === "interrupted") return yield* givenUp(place)
    const question = { place, key, occurrence }
    return yield* Effect.uninterruptibleMask((restore) =>
      restore(effect).pipe(
        Effect.onInterrupt(() => gaveUp("interrupted", question)),
        Effect.tapError(() => gaveUp("failed", question)),
        Effect.flatMap((result) =>
          Effect.flatMap(Effect.orDie(Schema.encodeEffect(schema)(result)), (written) => {
            // what is used must be what is kept, or a resumed run would go another way
            const value = maskAll(written)
            const used = value === written ? Effect.succeed(result) : Schema.decodeUnknownEffect(schema)(value)
            return Effect.mapError(
              used,
              () => new JournalUnwritable({ message: `the result of "${name}" is a secret, which is never written` })
            ).pipe(Effect.tap(() => append(true, (at) => ({ _tag: "Recorded", ...question, at, name, value }))))
          })
        )
      )
    )
  })

  return {
    replaying,
    sending,
    recorded,
    mark: Effect.fnUntraced(function* (name) {
      const { replayed, unexpected } = outcomes.mark(name)
      if (unexpected !== undefined) return yield* mismatch(unexpected, name)
      if (!replayed) yield* append(true, (at) => ({ _tag: "Marked", name, at }))
    }),
    end: (failed) => append(true, (at) => ({ _tag: "Ended", failed, at })),
    history: { records: log.records, resumed: log.records.length > 0 }
  }
})

/** What was not waited for then is not waited for now: who asked it leaves again, as soon as the same happens as did then. */
const givenUp = (place: string) =>
  Effect.andThen(
    Effect.sleep(longest),
    mismatch(
      `the run waits for a reply at "${place}" that it did not wait for before: its code has changed since`,
      place
    )
  )
const longest = "1 hour"
/** A journal answers at once: what was not told within this time is not told. */
const quiet = "2 seconds"

const mismatch = (message: string, place: string) => new JournalMismatch({ message, place })

const differences = (
  records: ReadonlyArray<Record>,
  fingerprint: Readonly<{ [name: string]: string }>
): JournalMismatch | undefined => {
  const before = records.find((record) => record._tag === "Opened")?.fingerprint
  if (before === undefined) return undefined
  const names = [...new Set([...Object.keys(before), ...Object.keys(fingerprint)])]
  const changed = names.filter((name) => before[name] !== fingerprint[name])
  return changed.length === 0
    ? undefined
    : mismatch(`this is not the run that its journal was written by: ${changed.join(", ")} changed since`, "start")
}

/** A journal in memory: a run that is started again in the same process goes on where it was. */
export const layerMemory = (
  records: Array<Record> = [],
  fingerprint: Readonly<{ [name: string]: string }> = {}
): Layer.Layer<never, JournalUnwritable | JournalMismatch> =>
  Layer.effect(
    Journal,
    Effect.suspend(() => make(memory(records), fingerprint))
  )

/** Where a journal is, and what its run must have in common with the one that began it (see `make`). */
export interface FileOptions {
  /** The file; its folder is made where it is missing. A lock file stands beside it while it is in use. */
  readonly path: string
  readonly fingerprint?: Readonly<{ [name: string]: string }>
}

/**
 * A journal in a file: a run that is started again over it, in any process, goes on where it was, whatever ended it. Every
 * reply is on the disk before it is used. One process at a time: any other fails with `RunLocked`.
 */
export const layerFile = ({
  fingerprint,
  path
}: FileOptions): Layer.Layer<never, JournalUnwritable | JournalMismatch | JournalUnreadable | RunLocked, FileSystem> =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      yield* Lock.acquire(path)
      return yield* make(yield* FileLog.open(path), fingerprint)
    })
  )
