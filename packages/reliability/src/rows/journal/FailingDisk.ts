/** D3: the n-th operation of the disk fails, n from 1 until a run no longer comes so far. */
import { FaultDisk } from "@backprose/testing"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Optimisation from "./Optimisation.ts"
import * as Resuming from "./Resuming.ts"

const kinds: ReadonlyArray<FaultDisk.Kind> = ["ENOSPC", "EIO", "EACCES", "short write"]
const allowed: ReadonlyArray<string> = ["finished", "JournalUnwritable", "JournalUnreadable"]

/** Writes to the journal after one that failed. */
const writesAfter = (disk: FaultDisk.FaultDisk, at: number): number => {
  const operations = disk.operations()
  const hit = operations[at - 1]
  // of opening, a write that failed ends the session anyway
  if (hit === undefined || hit.path !== Optimisation.path || (hit.method !== "write" && hit.method !== "sync")) return 0
  return operations.slice(at).filter(({ method, path }) => method === "write" && path === hit.path).length
}

const measure = Effect.gen(function* () {
  const wanted = yield* Resuming.undisturbed
  const details: Array<string> = []
  const ends = new Map<string, number>()
  let runs = 0
  let good = 0
  for (const kind of kinds) {
    for (const onwards of [false, true]) {
      for (let n = 1; ; n++) {
        const disk = FaultDisk.make({ fault: { kind, at: n, onwards } })
        const session = yield* Optimisation.run(disk)
        if (disk.operations().length < n) break
        const found = yield* Resuming.goOn(wanted, [session], disk.afterKill())
        const problems = [...found.problems]
        if (!allowed.includes(session.end)) problems.push(`it ended with ${session.end}`)
        if (session.end === "finished" && session.outcome !== wanted.outcome) problems.push("it ended otherwise")
        // a short write of what is no write is none
        const isFailure = kind !== "short write" || disk.operations()[n - 1]?.bytes !== undefined
        if (isFailure && writesAfter(disk, n) > 0) problems.push("the journal was added to after a failure")
        if (found.warnings > 0) problems.push("it was taken for damaged")
        runs++
        ends.set(session.end, (ends.get(session.end) ?? 0) + 1)
        if (problems.length === 0) good++
        else details.push(`${kind} at ${n}${onwards ? " and from then on" : ""}: ${problems.join("; ")}`)
      }
    }
  }
  const ended = [...ends].map(([end, count]) => `${end} ${count}`).join(", ")
  return { figure: `${good}/${runs}`, held: good === runs && runs > 0, details: [...details, `ended: ${ended}`] }
})

export const failingDisk: Row = {
  id: "D3",
  title: "the n-th file operation fails, every n, once and from then on: ENOSPC, EIO, EACCES, short write",
  wanted: "all: one typed error or done, nothing written after, resumed to the same end",
  speed: "fast",
  measure
}
