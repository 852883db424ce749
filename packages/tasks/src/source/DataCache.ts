/**
 * Fetched data, one folder a user and outside of every repository. What an address gave at its first use is pinned: a note
 * under the address holds the SHA-256 of its bytes, and the bytes lie under that.
 */
import { createHash } from "node:crypto"
import { homedir } from "node:os"
import { basename, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Web } from "./Address.ts"
import * as Download from "./Download.ts"
import { because, type SourceUnavailable } from "./SourceUnavailable.ts"

const variable = (name: string) =>
  Effect.map(Effect.orDie(Config.option(Config.NonEmptyString(name))), Option.getOrUndefined)

/** `data` inside `BACKPROSE_CACHE`, else inside `XDG_CACHE_HOME/backprose`, else inside `~/.cache/backprose`. */
export const folder: Effect.Effect<string> = Effect.gen(function* () {
  const own = yield* variable("BACKPROSE_CACHE")
  const user = yield* variable("XDG_CACHE_HOME")
  return join(own ?? join(user ?? join(homedir(), ".cache"), "backprose"), "data")
})

export interface Options extends Partial<Download.Limits> {
  /** {@link folder} by default. */
  readonly cache?: string | undefined
  /** The SHA-256 of the published bytes, in hexadecimal, where it is known; else what comes first is pinned. */
  readonly sha256?: string | undefined
  /** Told about each piece that arrived; a slow listener slows the download down. */
  readonly onProgress?: ((progress: Download.Progress) => Effect.Effect<void>) | undefined
}

const Pin = Schema.fromJsonString(Schema.Struct({ source: Schema.String, sha256: Schema.String }))

const digest = (text: string) => createHash("sha256").update(text).digest("hex")

const digestOfFile = Effect.fnUntraced(function* (file: string) {
  const { stream } = yield* FileSystem
  const hash = createHash("sha256")
  yield* Stream.runForEach(stream(file), (bytes) => Effect.sync(() => void hash.update(bytes)))
  return hash.digest("hex")
})

const pinned = Effect.fnUntraced(function* (note: string, shown: string) {
  const fs = yield* FileSystem
  if (!(yield* fs.exists(note))) return undefined
  return yield* Effect.mapError(Schema.decodeUnknownEffect(Pin)(yield* fs.readFileString(note)), () =>
    because(shown, `its note ${note} is damaged`, "Delete the note to trust what is served now")
  )
})

/** Why bytes with this digest may not be used, if they may not. */
const refusal = (shown: string, found: string, wanted: { readonly pin?: string | undefined } & Options) => {
  if (wanted.sha256 !== undefined && found !== wanted.sha256.toLowerCase())
    return because(shown, `its SHA-256 is ${found}, and that of the published file is ${wanted.sha256}`)
  if (wanted.pin !== undefined && found !== wanted.pin)
    return because(shown, `its SHA-256 is ${found}, and was ${wanted.pin} at first use`)
  return undefined
}

/** How the names of files begin that are not yet whole. */
const draft = "part-"

const fetched = Effect.fnUntraced(function* (web: Web, home: string, pin: string | undefined, options: Options) {
  const fs = yield* FileSystem
  const { onProgress, ...limits } = options
  // beside its place, so that the move is one step; whatever happens, the scope takes the rest away
  const part = yield* fs.makeTempFileScoped({ directory: home, prefix: draft })
  const sha256 = yield* Download.toFile(web.url, part, {
    ...Download.defaults,
    ...limits,
    onReceived: (received, total) =>
      onProgress?.({ source: web.shown, received, ...(Number.isNaN(total) ? {} : { total }) }) ?? Effect.void
  }).pipe(Effect.mapError(({ reason }) => because(web.shown, reason)))
  const wrong = refusal(web.shown, sha256, { ...options, pin })
  if (wrong !== undefined) return yield* wrong
  return { part, sha256 }
})

const dayMillis = 24 * 3_600_000

/** Takes away what is left of fetches whose process was killed. No fetch takes a day. */
const sweep = Effect.fnUntraced(function* (home: string) {
  const fs = yield* FileSystem
  const old = (yield* Clock.currentTimeMillis) - dayMillis
  for (const name of (yield* fs.readDirectory(home)).filter((name) => name.startsWith(draft))) {
    const path = join(home, name)
    // another process may sweep too
    const { mtime } = yield* Effect.orElseSucceed(fs.stat(path), () => ({ mtime: Option.none<Date>() }))
    if (Option.exists(mtime, (written) => written.getTime() < old))
      yield* fs.remove(path, { recursive: true, force: true })
  }
})

/** The file of what an address serves: the cached one after a check of all its bytes, else fetched, checked and kept. */
export const file = Effect.fnUntraced(function* (
  web: Web,
  options: Options
): Effect.fn.Return<string, SourceUnavailable | PlatformError, FileSystem | Scope> {
  const fs = yield* FileSystem
  const home = options.cache ?? (yield* folder)
  const note = join(home, `${digest(web.url).slice(0, 32)}.json`)
  const place = (sha256: string) =>
    join(home, `${sha256.slice(0, 32)}-${basename(new URL(web.url).pathname).replaceAll(/[^\w.-]/g, "_")}`)
  const pin = (yield* pinned(note, web.shown))?.sha256
  if (pin !== undefined && (yield* fs.exists(place(pin)))) {
    const found = yield* digestOfFile(place(pin))
    if (found !== pin)
      return yield* because(web.shown, `its cached copy ${place(pin)} is damaged`, "Delete it to fetch it again")
    const wrong = refusal(web.shown, found, options)
    return wrong === undefined ? place(pin) : yield* wrong
  }
  yield* fs.makeDirectory(home, { recursive: true })
  yield* sweep(home)
  const { part, sha256 } = yield* fetched(web, home, pin, options)
  yield* fs.rename(part, place(sha256))
  const written = yield* fs.makeTempFileScoped({ directory: home, prefix: draft })
  yield* fs.writeFileString(written, yield* Effect.orDie(Schema.encodeEffect(Pin)({ source: web.shown, sha256 })))
  yield* fs.rename(written, note)
  return place(sha256)
}, Effect.scoped)
