/** A run that was ended from outside, once or more, and gone on with: held against one that nobody disturbed. */
import { FaultDisk } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Optimisation from "./Optimisation.ts"

/** The run that nobody disturbed. */
export const undisturbed = Effect.gen(function* () {
  const disk = FaultDisk.make()
  const session = yield* Optimisation.run(disk)
  if (session.end !== "finished") return yield* Effect.die(new Error(`the undisturbed run ended with ${session.end}`))
  return { ...session, disk, operations: disk.operations() }
})
export type Undisturbed = Effect.Success<typeof undisturbed>

export interface Found {
  /** What is not as promised, in words. */
  readonly problems: ReadonlyArray<string>
  /** Requests beyond those of the undisturbed run. */
  readonly extra: number
  /** Requests that were out, or whose reply was not used yet, when a session ended. */
  readonly inFlight: number
  readonly warnings: number
}

/**
 * Goes on after sessions that ended, until one finishes. A reply that any session used may never be asked for again, and
 * the end must be that of the undisturbed run.
 */
export const goOn = Effect.fnUntraced(function* (
  wanted: Undisturbed,
  sessions: ReadonlyArray<Optimisation.Session>,
  disk: FaultDisk.FaultDisk
): Effect.fn.Return<Found> {
  const last = yield* Optimisation.run(disk)
  const all = [...sessions, last]
  const problems: Array<string> = []
  if (last.end !== "finished") problems.push(`the last session ended with ${last.end}`)
  else if (last.outcome !== wanted.outcome) problems.push("the end is another one")
  const used = new Set<string>()
  let inFlight = 0
  for (const session of all) {
    const again = session.asked.filter((one) => used.has(one))
    if (again.length > 0) problems.push(`asked again after it was used: ${again[0]} (and ${again.length - 1} more)`)
    const known = session.asked.filter((one) => session.kept.has(one))
    if (known.length > 0) problems.push(`asked again although it was in the journal: ${known[0]}`)
    for (const one of session.used) used.add(one)
    inFlight += session.asked.filter((one) => !session.used.has(one)).length
  }
  const extra = all.reduce((sum, { asked }) => sum + asked.length, 0) - wanted.asked.length
  if (extra > inFlight) problems.push(`${extra} requests more, and ${inFlight} were in flight`)
  return { problems, extra, inFlight, warnings: all.reduce((sum, { warnings }) => sum + warnings.length, 0) }
})
