/** What it costs to have each reply on the disk before it is used, and to open a journal: our log beside SQLite. */
import type { JournalRecord } from "@backprose/core"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import { type Store, stores } from "./Stores.ts"

const sizes: Record<Size, { readonly appends: number; readonly repeats: number; readonly records: number }> = {
  full: { appends: 400, repeats: 5, records: 10_000 },
  tiny: { appends: 4, repeats: 1, records: 20 }
}

const writers = [1, 16]

/** About 4 KB as it is kept. */
const record = (i: number): JournalRecord.Record => ({
  _tag: "Replied",
  place: `step ${i} / candidate 4 / example 7 / node 2`,
  key: i.toString(16).padStart(64, "0"),
  occurrence: 0,
  at: i,
  completion: {
    text: Array.from({ length: 450 }, (_, word) => ((i * 2654435761 + word * 40503) >>> 0).toString(36)).join(" "),
    finishReason: "stop",
    usage: { calls: 1, inputTokens: 1000, cachedInputTokens: 0, outputTokens: 900 }
  }
})

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const begun = performance.now()
    const before = performance.eventLoopUtilization()
    return Effect.map(effect, () => ({
      ms: performance.now() - begun,
      busy: 100 * performance.eventLoopUtilization(before).utilization
    }))
  })

/** Each store in its turn, so that a busy moment of the machine hits all. */
const run = Effect.fnUntraced(function* (size: Size) {
  const { appends, records, repeats } = sizes[size]
  const fs = yield* FileSystem.FileSystem
  // beside the repository, on the disk that runs are on: the folder for temporary files may be memory
  yield* fs.makeDirectory(".cache", { recursive: true })
  const folder = yield* fs.makeTempDirectoryScoped({ directory: ".cache" })
  let files = 0
  const figures: Array<Figure> = []

  const several = Effect.fnUntraced(function* (
    measure: (store: Store) => Effect.Effect<{ readonly ms: number; readonly busy: number }, unknown>
  ) {
    const found = new Map(stores.map((store) => [store, { ms: [] as Array<number>, busy: [] as Array<number> }]))
    for (let i = 0; i < repeats; i++) {
      for (const [store, { busy, ms }] of found) {
        const one = yield* measure(store)
        ms.push(one.ms)
        busy.push(one.busy)
      }
    }
    return found
  })

  for (const concurrency of writers) {
    const found = yield* several((store) =>
      Effect.gen(function* () {
        const { append } = yield* store.open(`${folder}/${files++}`)
        const { busy, ms } = yield* timed(
          Effect.forEach(
            Array.from({ length: appends }, (_, i) => record(i)),
            append,
            { concurrency, discard: true }
          )
        )
        return { ms: ms / appends, busy }
      }).pipe(Effect.scoped)
    )
    const by = concurrency === 1 ? "one writer" : `${concurrency} writers`
    for (const [{ name }, { busy, ms }] of found) {
      figures.push(repeated({ name: `durable append of 4 KB, ${by}, ${name}`, unit: "ms" }, ms))
      figures.push(repeated({ name: "  of which nothing else in the process runs", unit: "%" }, busy))
    }
  }

  const full = new Map<Store, string>()
  for (const store of stores) {
    const path = `${folder}/${files++}`
    full.set(store, path)
    const { append } = yield* store.open(path)
    yield* Effect.forEach(
      Array.from({ length: records }, (_, i) => record(i)),
      append,
      {
        concurrency: 256,
        discard: true
      }
    ).pipe(Effect.scoped)
  }
  const found = yield* several((store) => Effect.scoped(timed(store.open(full.get(store)!))))
  for (const [{ name }, { ms }] of found) {
    figures.push(repeated({ name: `open ${records} records, ${name}`, unit: "ms" }, ms))
  }
  return figures
})

export const Journal: Bench = { name: "journal", run: (size) => Effect.provide(run(size), NodeFileSystem.layer) }
