/**
 * Whole runs in a world where nothing is real: one seed decides who is faster, what the provider answers, what fails, when
 * the process is killed, the power goes, the disk is full. The run is resumed over its journal until it ends, and then
 * its history is judged.
 */
import * as Effect from "effect/Effect"
import { type History, hash } from "./History.ts"
import * as Invariants from "./Invariants.ts"
import * as Life from "./Life.ts"
import type { Disturbance, Program } from "./Session.ts"
import * as Subject from "./Subject.ts"
import * as Weather from "./Weather.ts"

export type { Entry, Fact, History, How } from "./History.ts"
export type { Broken } from "./Invariants.ts"
export type { Disturbance, Program } from "./Session.ts"
export type { Weather } from "./Weather.ts"

export interface Options {
  /** The run under test. It may depend on its seed and on the replies, and on nothing else. Default: one drawn by seed. */
  readonly program?: Program
  /** How bad it is. Default: drawn by seed. */
  readonly weather?: Weather.Weather
  /** What is done to each session. Default: one to four drawn by seed. */
  readonly disturbances?: ReadonlyArray<Disturbance>
}

/** What a seed came to. */
export interface Report {
  readonly seed: number
  /** Of the run that nobody disturbed. */
  readonly undisturbed: Life.Life
  /** Of the same run, disturbed and resumed. */
  readonly disturbed: Life.Life
  /** SHA-256 of both histories: the same seed gives the same. */
  readonly hash: string
  /** Promises that did not hold; empty where all is well. */
  readonly broken: ReadonlyArray<Invariants.Broken>
}

/**
 * Runs a seed, undisturbed and disturbed, and judges both histories. Tens of milliseconds of computing, and no waiting.
 *
 * **Example**
 *
 * ```ts
 * import { TextualGradientDescent, Trainer, ValidationGate } from "@backprose/core"
 * import { Simulation, StudentModel } from "@backprose/testing"
 * import { Effect, Layer, Stream } from "effect"
 *
 * const program: Simulation.Program = {
 *   events: Trainer.fit(StudentModel.task(), { steps: 2 }).pipe(
 *     Stream.provide(Layer.mergeAll(TextualGradientDescent.layer(), ValidationGate.layer()))
 *   ),
 *   // what the model says: a function of the request alone
 *   respond: StudentModel.respond(),
 *   concurrency: 4
 * }
 * const broken = Effect.map(Simulation.run(7, { program }), ({ broken }) => broken)
 * ```
 */
export const run = (seed: number, options: Options = {}): Effect.Effect<Report> =>
  Effect.sync(() => {
    const name = String(seed)
    const drawn = Subject.draw(name)
    const program = options.program ?? drawn.program
    const weather = options.weather ?? (options.program === undefined ? drawn.weather : Weather.draw(name))
    const lived = (life: string, disturbances: ReadonlyArray<Disturbance>) =>
      Life.live({ seed: name, name: life, weather, program, disturbances })
    const undisturbed = lived("undisturbed", [])
    const disturbances =
      options.disturbances ??
      Life.disturb(name, { moments: Math.max(...undisturbed.moments), records: undisturbed.records.length })
    const disturbed = lived("disturbed", disturbances)
    return {
      seed,
      undisturbed,
      disturbed,
      hash: hash([undisturbed.history, disturbed.history]),
      broken: Invariants.check({ undisturbed, disturbed, program })
    }
  })

/** The history of a report in lines, for whoever looks for the cause of what is broken. */
export const show = (history: History): ReadonlyArray<string> =>
  history.map(({ at, fact, session }) => {
    const { _tag, ...rest } = fact
    return `${session} ${new Date(at).toISOString().slice(11, 23)} ${_tag} ${JSON.stringify(rest).slice(0, 300)}`
  })
