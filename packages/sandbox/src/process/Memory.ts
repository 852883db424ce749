/**
 * What a process and all its descendants hold together. Limits of the kernel are for each process alone: many small ones
 * could take a machine's memory all the same.
 */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as realTime from "./realTime.ts"

const everyMillis = 100

/** Ends when they hold more; looks every 100 ms, where there is a /proc to look at. */
export const exceeded = (pid: number | undefined, bytes: number | undefined): Effect.Effect<void> =>
  pid === undefined || bytes === undefined
    ? Effect.never
    : Effect.sync(() => held(pid)).pipe(
        Effect.flatMap((now) =>
          now > bytes ? Effect.void : Effect.andThen(realTime.sleep(everyMillis), exceeded(pid, bytes))
        )
      )

const held = (pid: number): number => {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean)
  return children.reduce((sum, child) => sum + held(Number(child)), own(pid))
}

/** Its own pages and those it shares without a file; the code of an interpreter is there once for all. */
const own = (pid: number): number => {
  const kilobytes = read(`/proc/${pid}/status`).matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)
  return 1024 * [...kilobytes].reduce((sum, [, number]) => sum + Number(number), 0)
}

/** Nothing where the process has just ended. */
const read = (path: string): string =>
  Result.getOrElse(
    Result.try(() => readFileSync(path, "utf8")),
    () => ""
  )
