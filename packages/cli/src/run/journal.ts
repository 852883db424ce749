/** The journal of a run, in its folder. (In memory until the one on disk is there.) */
import { Journal, type JournalRecord } from "@backprose/core"
import * as Effect from "effect/Effect"

const kept = new Map<string, Array<JournalRecord.Record>>()

export const layer = (folder: string, fingerprint: Readonly<{ [name: string]: string }>) => {
  const records = kept.get(folder) ?? []
  kept.set(folder, records)
  return Journal.layerMemory(records, fingerprint)
}

/** Whether a process is running the run of a folder just now. */
export const isLive = (_folder: string): Effect.Effect<boolean> => Effect.succeed(false)
