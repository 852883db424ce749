/** `backprose cache` and `backprose cache clear` */
import { CacheDefaults, CacheFolder } from "@backprose/core"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import { FileUnreadable, FileUnwritable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as ReplyCache from "../models/ReplyCache.ts"
import * as Figures from "../report/figures.ts"
import { invocation } from "../report/invocation.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const replies = (n: number): string => Figures.of(n, "reply", "replies")

const problem = (verb: string, path: string) => (error: PlatformError) =>
  `the reply cache ${path} cannot be ${verb}: ${fileProblem(error)}`

const clear = Command.make(
  "clear",
  {},
  Effect.fnUntraced(function* () {
    const screen = yield* Screen
    const path = yield* ReplyCache.path
    const { bytes, entries } = yield* Effect.mapError(
      CacheFolder.clear(path),
      (error) => new FileUnwritable({ message: problem("cleared", path)(error) })
    )
    yield* screen.err(
      entries === 0 && bytes === 0
        ? `the reply cache ${Sanitize.line(path)} was empty`
        : `${replies(entries)} removed, ${Figures.bytes(bytes)}`
    )
  })
).pipe(Command.withDescription("Remove all replies that are kept"))

export const cache = Command.make(
  "cache",
  { json: flags.json },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const path = yield* ReplyCache.path
    const { bytes, entries } = yield* Effect.mapError(
      CacheFolder.holding(path),
      (error) => new FileUnreadable({ message: problem("read", path)(error) })
    )
    if (given.json)
      return yield* screen.out(Sanitize.json(JSON.stringify({ _tag: "ReplyCache", path, entries, bytes })))
    yield* screen.out(`  path     ${Sanitize.line(path)}`)
    yield* screen.out(`  entries  ${replies(entries)}`)
    yield* screen.out(`  size     ${Figures.bytes(bytes)} of ${Figures.bytes(CacheDefaults.maxBytes)} at most`)
    if (entries === 0) yield* screen.err(`nothing is kept yet: ${invocation()} optimize TASK --cache`)
  })
).pipe(
  Command.withDescription("Show the replies that --cache keeps for later runs: how many, how large, where"),
  Command.withSubcommands([clear])
)
