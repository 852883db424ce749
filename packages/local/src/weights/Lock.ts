/**
 * One process at a time: a lock file that names its owner, who keeps it fresh. One whose owner is gone, or that nobody
 * has touched for a while, is taken away.
 */

import { existsSync } from "node:fs"
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { io, SourceFailed } from "./Fetching.ts"

export interface Options {
  readonly staleMs: number
  readonly pollMs: number
}

export const defaults: Options = { staleMs: 60_000, pollMs: 500 }

class Taken extends Error {}

const Owner = Schema.fromJsonString(Schema.Struct({ host: Schema.String, pid: Schema.Int }))

const create = (file: string) =>
  Effect.tryPromise({
    try: () => writeFile(file, JSON.stringify({ host: hostname(), pid: process.pid }), { flag: "wx" }),
    catch: (cause) =>
      (cause as NodeJS.ErrnoException).code === "EEXIST"
        ? new Taken()
        : new SourceFailed({ reason: (cause as Error).message })
  })

const keepFresh = (file: string, options: Options) =>
  Clock.currentTimeMillis.pipe(
    Effect.flatMap((now) => io(() => utimes(file, now / 1000, now / 1000))),
    Effect.ignore,
    Effect.schedule(Schedule.spaced(options.staleMs / 4))
  )

// only a process of this machine can be asked for; signal 0 asks without disturbing it
const ownerIsGone = (file: string): Effect.Effect<boolean> =>
  io(() => readFile(file, "utf8")).pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Owner)),
    Effect.filterOrFail(({ host }) => host === hostname()),
    Effect.flatMap(({ pid }) => Effect.try({ try: () => process.kill(pid, 0), catch: (cause) => cause })),
    Effect.match({
      onSuccess: () => false,
      onFailure: (cause) => (cause as NodeJS.ErrnoException).code === "ESRCH"
    })
  )

const removeStale = Effect.fnUntraced(function* (file: string, options: Options) {
  const found = yield* Effect.option(io(() => stat(file)))
  if (Option.isNone(found)) return
  const age = (yield* Clock.currentTimeMillis) - found.value.mtimeMs
  if (age > options.staleMs || (yield* ownerIsGone(file))) yield* Effect.ignore(io(() => rm(file, { force: true })))
})

/** Waits for the lock and holds it for the scope; `onWait` runs once if another process has it. */
export const acquire = Effect.fnUntraced(function* (
  file: string,
  onWait: Effect.Effect<void>,
  options: Options = defaults
): Effect.fn.Return<void, SourceFailed, Scope.Scope> {
  const take = Effect.acquireRelease(create(file), () => Effect.ignore(io(() => rm(file, { force: true }))))
  let waited = false
  for (;;) {
    const taken = yield* take.pipe(
      Effect.as(true),
      Effect.catchIf(
        (error) => error instanceof Taken,
        () => Effect.succeed(false)
      )
    )
    if (taken) break
    yield* removeStale(file, options)
    // the owner may have let go in the meantime
    if (!existsSync(file)) continue
    if (!waited) yield* onWait
    waited = true
    yield* Effect.sleep(options.pollMs)
  }
  yield* Effect.forkScoped(keepFresh(file, options))
})
