/**
 * `--log FILE`: what the command did, a line of JSON for every step, model call and warning.
 */
import { appendFileSync } from "node:fs"
import { Secrets } from "@backprose/core"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Tracer from "effect/Tracer"
import { maybe } from "../commands/flags.ts"
import { FileUnwritable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import { toFile } from "./loggers.ts"
import * as spanLines from "./spanLines.ts"

/** The flag of all commands. */
export const LogFile = GlobalFlag.Setting("log")({
  flag: Flag.String("log").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("append what happens to FILE: a line of JSON for every step, model call and warning"),
    maybe
  )
})

/** Adds lines to a file until that fails; a log is no reason for a run to end. */
const appending = (path: string): ((line: string) => void) => {
  let works = true
  return (line) => {
    if (!works) return
    try {
      appendFileSync(path, `${line}\n`)
    } catch {
      // said on the screen by nobody: the disk that is full is full for the run's own files too
      works = false
    }
  }
}

/** The log of this command; nothing without the flag. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const path = yield* LogFile
    if (path === undefined) return Layer.empty
    const fs = yield* FileSystem.FileSystem
    yield* Effect.mapError(
      fs.writeFileString(path, "", { flag: "a", mode: 0o600 }),
      (error) => new FileUnwritable({ message: `the log ${path} cannot be written: ${fileProblem(error)}` })
    )
    const secrets = yield* Secrets.Known
    const write = appending(path)
    const tracer = spanLines.tracer(yield* Tracer.Tracer, write, secrets)
    return Layer.merge(
      Logger.layer([toFile(write, secrets)], { mergeWithExisting: true }),
      Layer.succeed(Tracer.Tracer, tracer)
    )
  })
)
