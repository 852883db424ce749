/**
 * `events.jsonl`: a line an event. A run that is resumed tells its first events over again: those that stand there
 * already stay as they are, and none is written twice.
 */
import { Event, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Sanitize from "../terminal/Sanitize.ts"

/** What became of an event: as it stands in the file, and whether this wrote it there. */
export interface Kept {
  readonly event: Event.Event
  readonly isNew: boolean
}

export interface EventFile {
  /** Fails with `JournalMismatch` where another event stands in its place. */
  readonly append: (event: Event.Event) => Effect.Effect<Kept, PlatformError | TextModelError.JournalMismatch>
  /** Whether all that stood there has been told again. */
  readonly caughtUp: Effect.Effect<boolean>
}

const encode = Schema.encodeSync(Schema.fromJsonString(Event.Event))
const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Event.Event))

/** An event as a line of JSON, as it stands in the file and on standard output under `--json`. */
export const line = (event: Event.Event): string => Sanitize.json(encode(event))

const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/**
 * What two tellings of one event have in common: all but the moment, and what had been used and spent by then. Where
 * several things failed at once, neither is it certain which of them is named.
 */
export const lasting = (event: Event.Event): string => {
  const fields = Object.entries(JSON.parse(line(withoutFailure(event))) as object)
  return JSON.stringify(Object.fromEntries(fields.filter(([name]) => !moments.includes(name))), sorted)
}

const moments: ReadonlyArray<string> = ["at", "usage", "spend"]

const withoutFailure = (event: Event.Event): Event.Event =>
  event._tag === "StepSkipped" || event._tag === "ProposalDropped"
    ? { ...event, reason: "" }
    : event._tag === "ExampleEvaluated" && event.result._tag === "Failed"
      ? { ...event, result: { ...event.result, error: "", message: "" } }
      : event

interface Line {
  readonly event: Event.Event
  /** Where it begins, in bytes. */
  readonly start: number
}

/** The lines up to the first that is torn or no event, and where that one begins. */
export const read = (bytes: Uint8Array): { readonly lines: ReadonlyArray<Line>; readonly end: number } => {
  const lines: Array<Line> = []
  const text = new TextDecoder()
  for (let start = 0; ; ) {
    const end = bytes.indexOf(10, start)
    const event = end < 0 ? undefined : decode(text.decode(bytes.subarray(start, end)))
    if (event === undefined || Result.isFailure(event)) return { lines, end: start }
    lines.push({ event: event.success, start })
    start = end + 1
  }
}

/**
 * Opens the file, new or from an earlier session. From `openStep` on, which was not complete, the run may go otherwise
 * than it did: what stands there is then replaced.
 */
export const open = Effect.fnUntraced(function* (
  path: string,
  openStep = 0
): Effect.fn.Return<EventFile, PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(path, { flag: "a" })
  const bytes = yield* fs.readFile(path)
  const earlier = read(bytes)
  // what cannot be read is told again: events follow from the journal
  if (earlier.end < bytes.length) yield* fs.truncate(path, earlier.end)
  let { lines } = earlier
  let told = 0
  return {
    append: Effect.fnUntraced(function* (event) {
      const known = lines[told]
      if (known !== undefined && lasting(known.event) === lasting(event)) {
        told += 1
        return { event: known.event, isNew: false }
      }
      if (known !== undefined) {
        if (known.event.step < openStep) return yield* mismatch(told, known.event, event)
        yield* fs.truncate(path, known.start)
        lines = lines.slice(0, told)
      }
      yield* file.writeAll(new TextEncoder().encode(`${line(event)}\n`))
      return { event, isNew: true }
    }, Effect.uninterruptible),
    caughtUp: Effect.sync(() => told >= lines.length)
  }
})

const mismatch = (index: number, before: Event.Event, now: Event.Event) => {
  const place = `events.jsonl:${index + 1}`
  const [was, is] = [before, now].map(({ _tag, step }) => `${_tag} of step ${step}`)
  return new TextModelError.JournalMismatch({
    place,
    message: `the run goes another way than it did: ${was === is ? `another ${is}` : `${is} where it was ${was}`} (${place}); its code or task has changed since`
  })
}
