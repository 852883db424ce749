/**
 * What happened in a simulated run, entry by entry, as plain data. Nothing is judged while it happens: checkers read the
 * whole history afterwards.
 */
import { createHash } from "node:crypto"
import type { Event, JournalRecord, Request } from "@backprose/core"

/** A question as a journal tells it apart. */
export interface Question {
  readonly place: string
  readonly key: string
  readonly occurrence: number
}

/** One fact, without its time. */
export type Fact =
  | {
      readonly _tag: "SessionBegan"
      /** The records that the journal still had. */
      readonly records: number
      /** How many sessions before ended with a failure: lasting causes of failure go away with it. */
      readonly epoch: number
      /** Whether the last of them was the last session that wrote anything. */
      readonly afterFailure: boolean
    }
  | ({ readonly _tag: "CallBegan"; readonly call: number; readonly purpose: Request.Purpose } & Question)
  /** `outcome`: `replied`, `interrupted`, or the tag of the failure. */
  | { readonly _tag: "CallEnded"; readonly call: number; readonly outcome: string; readonly text?: string }
  | { readonly _tag: "RequestBegan"; readonly call: number; readonly attempt: number }
  | {
      readonly _tag: "RequestEnded"
      readonly call: number
      readonly attempt: number
      readonly outcome: string
      readonly retryAfterMs?: number
    }
  /** A record is in the system's hands: it outlives the process. */
  | { readonly _tag: "Written"; readonly record: JournalRecord.Record }
  /** So many records, the first ones of the log, are on the disk: they outlive a power cut. */
  | { readonly _tag: "Synced"; readonly records: number }
  | { readonly _tag: "Happened"; readonly event: Event.Event }
  | { readonly _tag: "Interrupted" }
  | {
      readonly _tag: "SessionEnded"
      readonly how: How
      /** The tag of a failure, or a defect in words. */
      readonly why?: string
      /** Timers that were still running. */
      readonly timers: number
    }

/** How a session ended. */
export type How =
  | "finished"
  | "failed"
  | "cancelled"
  | "killed"
  | "power cut"
  /** A defect: never right. */
  | "died"
  /** Nothing would ever have happened again: never right. */
  | "stuck"
  /** It would have gone on for ever: never right. */
  | "endless"

/** A fact, when it happened (virtual milliseconds), and in which session of the run. */
export interface Entry {
  readonly at: number
  readonly session: number
  readonly fact: Fact
}

export type History = ReadonlyArray<Entry>

/** SHA-256 of histories: equal exactly where all that happened was equal, in the same order at the same times. */
export const hash = (histories: ReadonlyArray<History>): string =>
  createHash("sha256").update(JSON.stringify(histories)).digest("hex")

/** The events of one session, without what may differ between two sessions of one run: when, and what was spent. */
export const events = (history: History, session: number): ReadonlyArray<unknown> =>
  history.flatMap((entry) => {
    if (entry.session !== session || entry.fact._tag !== "Happened") return []
    const { at: _at, spend: _spend, usage: _usage, ...event } = entry.fact.event
    return [event]
  })
