/** What to type to go on with a run. */
import { Address } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import * as Allowance from "../models/Allowance.ts"
import * as BaseUrl from "../models/BaseUrl.ts"
import * as Choice from "../models/Choice.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import { isFile, isModule } from "../tasks/load.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { invocation } from "./invocation.ts"

const resumable: ReadonlyArray<RunRecord["status"]> = ["stopped", "interrupted", "failed", "budget"]

/** As one word of a shell. */
export const quoted = (text: string): string => {
  const line = Sanitize.line(text)
  return /^[\w./:@%+=,-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}

/** The file of a run's task, wherever the run was started. */
export const taskFile = Effect.fnUntraced(function* (folder: string, { task, from }: RunRecord) {
  const path = yield* Path.Path
  return path.resolve(folder, from ?? ".", task)
})

/** Whether a run's folder may not decide alone what its task is: a module is code, and other folders are not its business. */
export const mustBeNamed = Effect.fnUntraced(function* (folder: string, record: RunRecord) {
  if (!isFile(record.task)) return false
  return isModule(record.task) || (yield* isElsewhere(yield* taskFile(folder, record)))
})

/** Whether a file is outside of the current folder, also by a link. */
const isElsewhere = Effect.fnUntraced(function* (file: string) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const real = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)
  const near = path.relative(yield* real(path.resolve(".")), yield* real(file))
  return near.startsWith("..") || path.isAbsolute(near)
})

/** Where a run's examples come from, as seen from here, and whether its folder may not decide that alone. */
export const data = Effect.fnUntraced(function* (folder: string, { from, settings }: RunRecord) {
  const path = yield* Path.Path
  const { data: source = "" } = settings
  const address = Address.parse(source)
  if (Result.isFailure(address) || address.success._tag === "Web") return { source, mustBeNamed: true }
  const file = path.resolve(folder, from ?? ".", source)
  return { source: file, mustBeNamed: yield* isElsewhere(file) }
})

/**
 * The command that goes on with a run; `undefined` where there is nothing to go on with. It names what a folder may not
 * decide alone: which code is run, and which server is asked.
 */
export const command = Effect.fnUntraced(function* (
  folder: string,
  record: RunRecord
): Effect.fn.Return<string | undefined, never, FileSystem.FileSystem | Path.Path> {
  if (record.from === undefined || !resumable.includes(record.status)) return undefined
  const path = yield* Path.Path
  const file = yield* taskFile(folder, record)
  const near = path.relative(path.resolve("."), file)
  const task = (yield* mustBeNamed(folder, record)) ? ["--task", quoted(near.startsWith("..") ? file : near)] : []
  const examples = record.settings.data === undefined ? undefined : yield* data(folder, record)
  const source = examples?.mustBeNamed === true ? ["--data", quoted(examples.source)] : []
  const { baseUrl } = record.models
  const set = (yield* Choice.environment).baseUrl
  const server =
    baseUrl === undefined || (set !== undefined && URL.canParse(set) && BaseUrl.shown(set) === baseUrl)
      ? []
      : ["--base-url", quoted(baseUrl)]
  const budget = record.status === "budget" ? Allowance.doubled(record.settings) : []
  return [invocation(), "resume", quoted(folder), ...task, ...source, ...server, ...budget].join(" ")
})
