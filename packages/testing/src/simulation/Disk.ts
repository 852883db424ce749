/**
 * A disk that keeps what was written when a process ends, and what was synced, and perhaps some of the rest, when the power
 * goes.
 */
import { type JournalLog, type JournalRecord, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type * as Dice from "./Dice.ts"
import type { Fact } from "./History.ts"

export interface Disk {
  /** The journal of a new session over what is there. `failAt`: the how-manieth append of this session fails. */
  readonly open: (options: {
    readonly dice: Dice.Dice
    readonly note: (fact: Fact) => void
    readonly failAt: number | undefined
  }) => JournalLog.Log
  /** What is there. */
  readonly records: () => ReadonlyArray<JournalRecord.Record>
  /** The power went: what was not synced is lost from some place on. */
  readonly cut: (dice: Dice.Dice) => void
}

/** How long a write takes at most before it is in the system's hands, and before it is on the disk, in milliseconds. */
const longest = { write: 2, sync: 12 }

/** An empty disk. */
export const make = (): Disk => {
  let records: Array<JournalRecord.Record> = []
  let synced = 0

  return {
    records: () => [...records],
    cut: (dice) => {
      records = records.slice(0, synced + dice.below(records.length - synced + 1))
      synced = records.length
    },
    open: ({ dice, failAt, note }) => {
      const written = records
      // as every log must: what it hands out is relied upon from here on
      synced = written.length
      const turn = Semaphore.makeUnsafe(1)
      let appends = 0
      let broken = false
      const append: JournalLog.Log["append"] = (record, durable) =>
        Effect.gen(function* () {
          yield* Effect.sleep(dice.next() * longest.write)
          appends += 1
          broken ||= failAt !== undefined && appends >= failAt
          if (broken) return yield* new TextModelError.JournalUnwritable({ message: "no space left on the disk" })
          written.push(record)
          const end = written.length
          note({ _tag: "Written", record })
          if (!durable) return
          yield* Effect.sleep(dice.next() * longest.sync)
          synced = Math.max(synced, end)
          note({ _tag: "Synced", records: synced })
        }).pipe(turn.withPermit, Effect.uninterruptible)
      return { records: [...records], append }
    }
  }
}
