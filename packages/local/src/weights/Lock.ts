/**
 * One process at a time: a lock file that its owner keeps fresh. One that nobody has touched for a while belongs to a
 * process that is gone.
 */

import { open, rm, stat, utimes } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { io, SourceFailed } from "./Fetching.ts"

export interface Options {
  readonly staleMs: number
  readonly pollMs: number
}

export const defaults: Options = { staleMs: 60_000, pollMs: 500 }

class Taken extends Error {}

const create = (file: string) =>
  Effect.tryPromise({
    try: async () => {
      const handle = await open(file, "wx")
      await handle.close()
    },
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

const removeStale = Effect.fnUntraced(function* (file: string, options: Options) {
  const found = yield* Effect.option(io(() => stat(file)))
  const now = yield* Clock.currentTimeMillis
  if (Option.isSome(found) && now - found.value.mtimeMs > options.staleMs)
    yield* Effect.ignore(io(() => rm(file, { force: true })))
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
    if (!waited) yield* onWait
    waited = true
    yield* removeStale(file, options)
    yield* Effect.sleep(options.pollMs)
  }
  yield* Effect.forkScoped(keepFresh(file, options))
})
