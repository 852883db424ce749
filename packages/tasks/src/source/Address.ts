/**
 * Where a data set is, as a person writes it: a path, a URL, or a file of a hub at one commit.
 */
import * as Result from "effect/Result"
import { because, type SourceUnavailable } from "./SourceUnavailable.ts"

/** `shown` is what messages say: a query may hold a key. `sha256`: of the bytes there, where it was given with the address. */
export interface Web {
  readonly _tag: "Web"
  readonly url: string
  readonly shown: string
  readonly sha256?: string
}

export type Address = { readonly _tag: "Path"; readonly path: string } | Web

const hub = /^(github|hf):([\w.-]+\/[\w.-]+)@([\w./-]+?)\/(.+)$/

/** Where files of a hub are served; a revision is a commit, so what is there does not change. */
const servers: Record<string, (repository: string, revision: string, path: string) => string> = {
  github: (repository, revision, path) => `https://raw.githubusercontent.com/${repository}/${revision}/${path}`,
  hf: (repository, revision, path) => `https://huggingface.co/datasets/${repository}/resolve/${revision}/${path}`
}

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"])

/** Whether bytes from there came as they were sent: over TLS, or from this machine. */
export const isTrusted = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && loopback.has(url.hostname))

const web = (given: string): Result.Result<Web, SourceUnavailable> => {
  if (!URL.canParse(given)) return Result.fail(because(given, "this is no URL"))
  const url = new URL(given)
  const shown = `${url.protocol}//${url.host}${url.pathname}`
  if (url.username !== "" || url.password !== "")
    return Result.fail(because(shown, "a URL with a name or password in it is not fetched", "Fetch the file yourself"))
  if (!isTrusted(url)) return Result.fail(because(shown, "only https is fetched", "Fetch the file yourself"))
  return Result.succeed({ _tag: "Web", url: url.href, shown })
}

const hosted = (given: string): Result.Result<Web, SourceUnavailable> => {
  const [, name, repository, revision, path] = hub.exec(given) ?? []
  const server = servers[name ?? ""]
  if (server === undefined || repository === undefined || revision === undefined || path === undefined)
    return Result.fail(
      because(given, "this is no hub id", "Write github:owner/repository@commit/path or hf:owner/dataset@revision/path")
    )
  const url = server(repository, encodeURIComponent(revision), path.split("/").map(encodeURIComponent).join("/"))
  return Result.succeed({ _tag: "Web", url, shown: given })
}

const pinned = (address: Web, sha256: string | undefined): Result.Result<Web, SourceUnavailable> => {
  if (sha256 === undefined) return Result.succeed(address)
  return /^[0-9a-f]{64}$/i.test(sha256)
    ? Result.succeed({ ...address, sha256 })
    : Result.fail(because(address.shown, "what follows #sha256= is no SHA-256: it has 64 hexadecimal digits"))
}

/**
 * A path, an `https://` URL, `github:owner/repository@commit/path` or `hf:owner/dataset@revision/path`. What has no such
 * beginning is a path. `#sha256=` and 64 hexadecimal digits after an address say which bytes are wanted.
 */
export const parse = (given: string): Result.Result<Address, SourceUnavailable> => {
  const isWeb = /^https?:\/\//i.test(given)
  if (!isWeb && !/^(github|hf):/.test(given)) return Result.succeed({ _tag: "Path", path: given })
  const [address = "", sha256] = given.split("#sha256=")
  return Result.flatMap(isWeb ? web(address) : hosted(address), (found) => pinned(found, sha256))
}
