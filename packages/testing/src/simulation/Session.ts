/**
 * One process of a simulated run: it opens the journal, runs the program over it, and ends, one way or another.
 */
import {
  BackwardModel,
  type Event,
  Journal,
  type ModelRoles,
  Models,
  OptimizerModel,
  TextModel,
  UsageMeter
} from "@backprose/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Respond } from "../scripted/Reply.ts"
import * as Dice from "./Dice.ts"
import type { Disk } from "./Disk.ts"
import type { Entry, Fact, How } from "./History.ts"
import * as Provider from "./Provider.ts"
import type { Weather } from "./Weather.ts"
import * as World from "./World.ts"

/** What is simulated: a run, as the events it tells of, and what a model says that is asked by it. */
export interface Program {
  readonly events: Stream.Stream<Event.Event, unknown, ModelRoles>
  /** A function of the request alone. */
  readonly respond: Respond
  /** Calls at once. */
  readonly concurrency: number
  /** Model calls in all. */
  readonly maxCalls?: number | undefined
}

/** What is done to a session. Moments are counted as `World` counts them, appends from 1. */
export type Disturbance =
  | { readonly _tag: "None" }
  | { readonly _tag: "Kill"; readonly at: number }
  | { readonly _tag: "PowerCut"; readonly at: number }
  | { readonly _tag: "Cancel"; readonly at: number }
  | { readonly _tag: "DiskFull"; readonly at: number }

export interface Options {
  readonly seed: string
  /** Names the chance in this session that is no fact about the provider: who is faster, who runs first. */
  readonly name: string
  readonly number: number
  readonly startAt: number
  readonly weather: Weather
  readonly program: Program
  readonly disk: Disk
  readonly disturbance: Disturbance
}

/** What is known of a session afterwards. */
export interface Ended {
  readonly how: How
  readonly entries: ReadonlyArray<Entry>
  readonly moments: number
  readonly endedAt: number
}

/** Runs one session in a world of its own. */
export const run = ({ disk, disturbance, name, number, program, seed, startAt, weather }: Options): Ended => {
  const world = World.make({ seed: `${seed}/${name}/${number}`, startAt })
  const entries: Array<Entry> = []
  const note = (fact: Fact) => void entries.push({ at: world.now(), session: number, fact })
  const before = disk.records()
  const epoch = before.filter((record) => record._tag === "Ended" && record.failed).length
  const last = before.at(-1)
  const afterFailure = last?._tag === "Ended" && last.failed
  note({ _tag: "SessionBegan", records: before.length, epoch, afterFailure })

  const models = modelsOf(program, { seed, weather, epoch, respond: program.respond, note })
  const log = disk.open({
    dice: Dice.make(`${seed}/${name}/${number}/disk`),
    note,
    failAt: disturbance._tag === "DiskFull" ? disturbance.at : undefined
  })
  const whole = Effect.gen(function* () {
    const journal = yield* Journal.make(log, { seed })
    yield* Stream.runForEach(program.events, (event) => Effect.sync(() => note({ _tag: "Happened", event }))).pipe(
      // as an application ends its runs: in order, and saying so; one that was told to stop says nothing
      Effect.andThen(journal.end(false)),
      Effect.tapError(() => Effect.ignore(journal.end(true))),
      Effect.provide(models),
      Effect.provideService(Journal.Journal, journal)
    )
  })
  const ending = world.run(whole, {
    stopAt: disturbance._tag === "Kill" || disturbance._tag === "PowerCut" ? disturbance.at : undefined,
    interruptAt: disturbance._tag === "Cancel" ? disturbance.at : undefined,
    onInterrupt: () => note({ _tag: "Interrupted" })
  })
  if (ending._tag === "Stopped" && disturbance._tag === "PowerCut") {
    disk.cut(Dice.make(`${seed}/${name}/${number}/cut`))
  }
  const end = howItEnded(ending, disturbance)
  note({ _tag: "SessionEnded", ...end, timers: world.timers() })
  return { how: end.how, entries, moments: world.moments(), endedAt: world.now() }
}

const howItEnded = (
  ending: World.Ending<void, unknown>,
  disturbance: Disturbance
): { readonly how: How; readonly why?: string } => {
  switch (ending._tag) {
    case "Stopped":
      return { how: disturbance._tag === "PowerCut" ? "power cut" : "killed" }
    case "Stuck":
      return { how: "stuck" }
    case "Endless":
      return { how: "endless" }
    case "Ended":
      return exitOf(ending.exit)
  }
}

const exitOf = (exit: Exit.Exit<void, unknown>): { readonly how: How; readonly why?: string } => {
  if (Exit.isSuccess(exit)) return { how: "finished" }
  const { reasons } = exit.cause
  const failure = reasons.find((reason) => reason._tag === "Fail")
  if (reasons.some((reason) => reason._tag === "Die")) return { how: "died", why: Cause.pretty(exit.cause) }
  return failure?._tag === "Fail" ? { how: "failed", why: nameOf(failure.error) } : { how: "cancelled" }
}

/** The tag of a failure, with that of what lies behind it. */
const nameOf = (error: unknown): string => {
  if (typeof error !== "object" || error === null || !("_tag" in error)) return "untagged"
  return "reason" in error ? `${String(error._tag)}: ${nameOf(error.reason)}` : String(error._tag)
}

/** The usual policies around the provider, and the witness around them. */
const modelsOf = ({ concurrency, maxCalls }: Program, options: Provider.Options) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const context = yield* Layer.build(
        Models.layer({
          forward: Provider.layer("student", options),
          backward: Provider.layer("teacher", options),
          concurrency,
          // a call that waits long for its turn must not fail for it: that would be no fact about the provider
          retry: { callTimeout: "1 day" },
          ...(maxCalls === undefined ? {} : { budget: { calls: maxCalls } })
        })
      )
      const witness = Provider.witness(options.note)
      return Context.make(TextModel, witness(Context.get(context, TextModel))).pipe(
        Context.add(BackwardModel, witness(Context.get(context, BackwardModel))),
        Context.add(OptimizerModel, witness(Context.get(context, OptimizerModel))),
        Context.add(UsageMeter, Context.get(context, UsageMeter))
      )
    })
  )
