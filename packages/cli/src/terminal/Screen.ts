/**
 * Where a command writes: results to standard output, everything else to standard error. All lines go through here, so
 * that the line which is redrawn in place never mixes with them.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as MutableRef from "effect/MutableRef"
import * as Style from "./Style.ts"

export interface Service {
  /** Results. */
  readonly out: (text: string) => Effect.Effect<void>
  /** Progress, notes and errors. */
  readonly err: (text: string) => Effect.Effect<void>
  /** The one line that is redrawn in place; an empty one clears it. Does nothing where `live` is false. */
  readonly redraw: (line: string) => Effect.Effect<void>
  /** Whether standard error is a terminal that a line can be redrawn on. */
  readonly live: boolean
  /** Letters in a line that is redrawn. */
  readonly columns: Effect.Effect<number>
  /** Letters in a line of results: those of the terminal, up to what reads well; no limit in a file or a pipe. */
  readonly outColumns: Effect.Effect<number>
  /** What is said where the process is ended in a hurry; empty where nothing is. */
  readonly lastWord: MutableRef.MutableRef<string>
  readonly outStyle: Style.Style
  readonly errStyle: Style.Style
}

export class Screen extends Context.Service<Screen, Service>()("@backprose/cli/Screen") {}

/** The part of a writable stream that is used. */
export interface Output {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

const readable = 110

const clear = "\r\u001b[2K"

/** A screen on two streams. */
export const make = (streams: {
  readonly stdout: Output
  readonly stderr: Output
  readonly environment: Style.Environment
}): Service => {
  const { stdout, stderr, environment } = streams
  const live = stderr.isTTY === true && environment.TERM !== "dumb"
  let drawn = ""
  // a line that is under way steps aside for what is written, and comes back after it
  const aside = (write: () => void) =>
    Effect.sync(() => {
      if (drawn !== "") stderr.write(clear)
      write()
      if (drawn !== "") stderr.write(drawn)
    })
  return {
    out: (text) => aside(() => stdout.write(`${text}\n`)),
    err: (text) => aside(() => stderr.write(`${text}\n`)),
    redraw: (line) =>
      live && line !== drawn
        ? Effect.sync(() => {
            stderr.write(`${clear}${line}`)
            drawn = line
          })
        : Effect.void,
    live,
    columns: Effect.sync(() => stderr.columns ?? stdout.columns ?? 80),
    outColumns: Effect.sync(() => (stdout.isTTY === true ? Math.min(readable, stdout.columns ?? 80) : Infinity)),
    lastWord: MutableRef.make(""),
    outStyle: Style.of(environment, stdout.isTTY === true),
    errStyle: Style.of(environment, stderr.isTTY === true)
  }
}

/** The screen of this process. */
export const ofProcess = (): Service =>
  make({ stdout: process.stdout, stderr: process.stderr, environment: process.env })

export const layer: Layer.Layer<Screen> = Layer.sync(Screen, ofProcess)
