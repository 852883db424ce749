/** C5: processes share a folder without locks: nothing torn, nothing refused, nothing paid more often than once each. */
import { CacheFolder } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import * as child from "./child.ts"

const processes = 4
const count = 250

const Found = Schema.Struct({
  wrong: Schema.Int,
  paid: Schema.Record(Schema.String, Schema.Int),
  said: Schema.Array(Schema.String)
})

const start = (folder: string, seed: number, maxBytes: number, rounds: number) =>
  Effect.all(
    Array.from({ length: processes }, (_, i) =>
      child.run("processesChild", [folder, `${seed + i}`, `${count}`, `${maxBytes}`, `${rounds}`], Found)
    ),
    { concurrency: "unbounded" }
  )

const total = (found: ReadonlyArray<typeof Found.Type>) =>
  found.flatMap(({ paid }) => Object.values(paid)).reduce((a, b) => a + b, 0)

const measure = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  const roomy = 1024 ** 3
  const cold = yield* start(folder, 1, roomy, 1)
  const held = yield* CacheFolder.holding(folder)
  const warm = yield* start(folder, 101, roomy, 1)
  // no room for half of it: they evict under each other's feet
  const tight = held.bytes / 2
  const small = yield* fs.makeTempDirectoryScoped()
  const crowded = yield* start(small, 201, tight, 4)
  const left = yield* CacheFolder.holding(small)
  const parts = yield* Effect.forEach([folder, small], (root) => fs.glob("??/*.part", { root }))

  const all = [...cold, ...warm, ...crowded]
  const wrong = all.reduce((sum, found) => sum + found.wrong, 0)
  const said = all.flatMap((found) => found.said)
  const paid = Array.from({ length: count }, (_, i) =>
    cold.reduce((sum, found) => sum + (found.paid[`question ${i}`] ?? 0), 0)
  )
  const most = Math.max(...paid)
  return {
    figure: `${wrong} torn, ${said.length} errors, ${most} paid a key at most`,
    held:
      wrong === 0 &&
      said.length === 0 &&
      most <= processes &&
      Math.min(...paid) >= 1 &&
      total(warm) === 0 &&
      held.entries === count &&
      parts.flat().length === 0 &&
      // it did evict, and gave some all the same
      left.entries < count &&
      total(crowded) > count &&
      total(crowded) < processes * count * 4,
    details: [
      `cold: ${total(cold)} paid for ${count} keys by ${processes} processes; warm: ${total(warm)} paid`,
      `with half the room (${Math.round(tight)} bytes): ${total(crowded)} of ${processes * count * 4} paid, ${left.bytes} bytes left`,
      `unfinished files left: ${parts.flat().length}`,
      ...[...new Set(said)].slice(0, 5)
    ]
  }
}).pipe(Effect.provide(NodeServices.layer))

export const sharedFolder: Row = {
  id: "C5",
  title: `${processes} processes, ${count} keys, one folder`,
  wanted: `0 torn, 0 errors, at most ${processes} paid a key`,
  speed: "deep",
  measure
}
