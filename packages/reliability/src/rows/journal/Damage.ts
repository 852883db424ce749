/** D5: every byte of a small journal changed, the file cut at every length; and each line of a whole run's journal. */
import { JournalFile, type JournalRecord } from "@backprose/core"
import { FaultDisk } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Row } from "../../Row.ts"
import * as Optimisation from "./Optimisation.ts"
import * as Resuming from "./Resuming.ts"

const path = "journal"
const question = { place: "step 1 / example 0", key: "0".repeat(64), occurrence: 0 }
const reply = (text: string) => ({
  text,
  finishReason: "stop" as const,
  usage: { calls: 1, inputTokens: 9, cachedInputTokens: 0, outputTokens: 2 }
})
const records: ReadonlyArray<JournalRecord.Record> = [
  { _tag: "Opened", version: 1, at: 1, fingerprint: { seed: "1" } },
  { _tag: "Sent", ...question, at: 2, request: { messages: [], purpose: "forward", sample: 0 } },
  { _tag: "Replied", ...question, at: 3, completion: reply("R7 – naïve\n") },
  { _tag: "Replied", ...question, occurrence: 1, at: 4, completion: reply("A2") },
  { _tag: "Marked", name: "step 1", at: 5 },
  { _tag: "Ended", failed: false, at: 6 }
]

/** What opening a file comes to. */
const opened = Effect.fnUntraced(function* (
  disk: FaultDisk.FaultDisk,
  added: ReadonlyArray<JournalRecord.Record> = []
) {
  const warnings: Array<string> = []
  const result = yield* JournalFile.open(path).pipe(
    Effect.tap((log) => Effect.forEach(added, (one) => log.append(one, true))),
    Effect.map((log) => log.records),
    Effect.scoped,
    Effect.provide([disk.layer, Logger.layer([Logger.make(({ message }) => void warnings.push(String(message)))])]),
    Effect.result
  )
  return { result, warnings }
})

const text = (bytes: Uint8Array | undefined) => new TextDecoder("latin1").decode(bytes)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What is wrong with how a changed file was taken. `line`: the changed one, from 0, which is the first line of the file. */
const problem = Effect.fnUntraced(function* (bytes: Uint8Array, line: number, isUnfinished: boolean) {
  const disk = FaultDisk.make({}, { [path]: bytes })
  const { result, warnings } = yield* opened(disk)
  const files = disk.files()
  if (line === 0 && !isUnfinished) {
    const isRefused = Result.isFailure(result) && result.failure._tag === "JournalUnreadable"
    return isRefused && text(files.get(path)) === text(bytes) ? undefined : "was not refused, or not left as it was"
  }
  if (Result.isFailure(result)) return `was refused: ${result.failure.message}`
  const whole = records.slice(0, Math.max(0, line - 1))
  if (!same(result.success, whole)) return `gave ${result.success.length} records, not the ${whole.length} before it`
  if (isUnfinished ? files.size !== 1 : text(files.get(`${path}.damaged`)) !== text(bytes))
    return "was not kept, or was"
  if (warnings.length !== (isUnfinished ? 0 : 1)) return `was told ${warnings.length} times`
  // what is added to it afterwards is read again
  yield* opened(disk, records.slice(-1))
  const again = yield* opened(disk)
  if (!same(Option.getOrUndefined(Result.getSuccess(again.result)), [...whole, ...records.slice(-1)]))
    return "cannot be added to"
  return undefined
})

const changes: Readonly<{ [name: string]: (byte: number) => number }> = {
  "lowest bit": (byte) => byte ^ 0x01,
  "highest bit": (byte) => byte ^ 0x80,
  "end of line": (byte) => (byte === 0x0a ? 0x20 : 0x0a)
}

const measure = Effect.gen(function* () {
  const disk = FaultDisk.make()
  yield* opened(disk, records)
  const bytes = disk.files().get(path)!
  const details: Array<string> = []
  const count = { good: 0, all: 0 }
  const check = (name: string, found: string | undefined) => {
    count.all++
    if (found === undefined) count.good++
    else details.push(`${name} ${found}`)
  }
  const lineOf = (at: number) => bytes.subarray(0, at).filter((byte) => byte === 0x0a).length
  for (let at = 0; at < bytes.length; at++) {
    for (const [name, change] of Object.entries(changes)) {
      const changed = bytes.slice()
      changed[at] = change(bytes[at]!)
      // without its end the last line is one that was not finished
      check(`${name} of byte ${at}`, yield* problem(changed, lineOf(at), at === bytes.length - 1))
    }
  }
  for (let length = 0; length < bytes.length; length++) {
    check(`cut at ${length}`, yield* problem(bytes.slice(0, length), lineOf(length), true))
  }

  const wanted = yield* Resuming.undisturbed
  const journal = wanted.disk.files().get(Optimisation.path)!
  const ends = [...journal.entries()].flatMap(([i, byte]) => (byte === 0x0a ? [i] : []))
  for (const end of ends.slice(1)) {
    for (const [name, damaged] of [
      ["changed", journal.with(end - 1, journal[end - 1]! ^ 0x01)],
      ["cut", journal.slice(0, end - 3)]
    ] as const) {
      const found = yield* Resuming.goOn(wanted, [], FaultDisk.make({}, { [Optimisation.path]: damaged }))
      const problems = found.problems.filter((one) => !one.includes("in flight"))
      check(`a run whose journal was ${name} before byte ${end}:`, problems[0])
    }
  }
  return {
    figure: `${count.good}/${count.all}`,
    held: count.good === count.all,
    details: [
      ...details.slice(0, 20),
      `${bytes.length} bytes changed in 3 ways and cut at each; a run's journal damaged and cut in each of its ${ends.length - 1} lines`
    ]
  }
})

export const damage: Row = {
  id: "D5",
  title: "every byte of a journal changed, cut at every length; runs resumed over damaged journals",
  wanted: "all detected, the records before it recovered, the file kept, never a wrong value",
  speed: "fast",
  measure
}
