/**
 * A whole run, over as many processes as it takes: disturbed, resumed over its journal, disturbed again, until it ends.
 */
import type { JournalRecord } from "@backprose/core"
import * as Dice from "./Dice.ts"
import * as Disk from "./Disk.ts"
import type { Entry, History, How } from "./History.ts"
import * as Reading from "./Reading.ts"
import * as Session from "./Session.ts"
import type { Weather } from "./Weather.ts"

export interface Life {
  readonly history: History
  /** How each session ended, in order. */
  readonly sessions: ReadonlyArray<How>
  /** What the journal holds at the end. */
  readonly records: ReadonlyArray<JournalRecord.Record>
  /** Moments of each session. */
  readonly moments: ReadonlyArray<number>
}

export interface Options {
  readonly seed: string
  /** Names the chance in this life that is no fact about the provider. */
  readonly name: string
  readonly weather: Weather
  readonly program: Session.Program
  /** What is done to which session, from the first. Later ones are left alone. */
  readonly disturbances: ReadonlyArray<Session.Disturbance>
}

/** Two that fail for a lasting cause, and one for each disturbance, is all that a run can need; more is a fault. */
const spare = 4

/** Lives a run. */
export const live = ({ disturbances, name, program, seed, weather }: Options): Life => {
  const disk = Disk.make()
  const dice = Dice.make(`${seed}/${name}`)
  const history: Array<Entry> = []
  const sessions: Array<How> = []
  const moments: Array<number> = []
  let now = Date.UTC(2026, 0, 1)
  for (let number = 0; number < disturbances.length + spare; number++) {
    const ended = Session.run({
      seed,
      name,
      number,
      startAt: now,
      weather,
      program,
      disk,
      disturbance: disturbances[number] ?? { _tag: "None" }
    })
    history.push(...ended.entries)
    sessions.push(ended.how)
    moments.push(ended.moments)
    now = ended.endedAt + 1000 + dice.below(60_000)
    if (isOver(ended)) break
  }
  return { history, sessions, records: disk.records(), moments }
}

/** Whether another session would do anything else: not where it failed by the replies that it already has. */
const isOver = ({ entries, how }: Session.Ended): boolean =>
  how === "finished" ||
  how === "died" ||
  how === "stuck" ||
  how === "endless" ||
  (how === "failed" && Reading.failedBefore(entries))

/** Disturbances for a run whose sessions last about so many moments and write about so many records. */
export const disturb = (
  seed: string,
  undisturbed: { readonly moments: number; readonly records: number }
): ReadonlyArray<Session.Disturbance> => {
  const dice = Dice.make(`${seed}/disturbances`)
  return Array.from({ length: 1 + dice.below(4) }, (): Session.Disturbance => {
    const at = 1 + dice.below(undisturbed.moments)
    const kind = dice.next()
    if (kind < 0.35) return { _tag: "Kill", at }
    if (kind < 0.65) return { _tag: "PowerCut", at }
    if (kind < 0.85) return { _tag: "Cancel", at }
    return { _tag: "DiskFull", at: 1 + dice.below(undisturbed.records) }
  })
}
