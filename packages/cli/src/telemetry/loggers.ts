/**
 * What is logged, for people and for programs: warnings as lines on standard error, between the lines of the command;
 * everything as JSON in the file of `--log`.
 */
import type { Secrets } from "@backprose/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { describe } from "../exit/describe.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type * as Screen from "../terminal/Screen.ts"

const words = (message: unknown): string =>
  (Array.isArray(message) ? message : [message])
    .map((part) => (typeof part === "string" ? part : part instanceof Error ? part.message : JSON.stringify(part)))
    .join(" ")

const why = (cause: Cause.Cause<unknown>): string | undefined =>
  cause.reasons.length === 0 ? undefined : describe(Cause.squash(cause))

/** Warnings and errors, each on a line of its own. */
export const toScreen = (screen: Screen.Service): Logger.Logger<unknown, void> =>
  Logger.make(({ logLevel, message, cause }) => {
    if (LogLevel.isLessThan(logLevel, "Warn")) return
    const { bad, warn } = screen.errStyle
    const label = logLevel === "Warn" ? warn("warning:") : bad("error:")
    const text = [words(message), why(cause)].filter((part) => part !== undefined && part !== "").join(": ")
    Effect.runSync(screen.err(`  ${label} ${Sanitize.line(text)}`))
  })

/** Everything, a line each. */
export const toFile = (write: (line: string) => void, { maskAll }: Secrets.Service): Logger.Logger<unknown, void> =>
  Logger.make(({ date, logLevel, message, cause }) => {
    const reason = why(cause)
    const said = { at: date.toISOString(), level: logLevel.toLowerCase(), message: words(message) }
    write(Sanitize.json(JSON.stringify(maskAll(reason === undefined ? said : { ...said, cause: reason }))))
  })
