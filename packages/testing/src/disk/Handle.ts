/** An open file of a volume. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { error } from "./Fault.ts"
import { info } from "./fileInfo.ts"
import type { Gate } from "./Gate.ts"
import type { Node, Volume } from "./Volume.ts"

interface Opened {
  readonly volume: Volume
  readonly gate: Gate
  readonly node: Node
  /** Its place in the volume. */
  readonly at: string
  /** As it was opened. */
  readonly path: string
  readonly append: boolean
}

export const make = ({ append, at, gate, node, path, volume }: Opened): FileSystem.File => {
  let position = 0

  const readAlloc: FileSystem.File["readAlloc"] = (size, options) =>
    gate.pass("read", path, () =>
      Effect.suspend(() => {
        if (node.kind === "folder") return Effect.fail(error("EISDIR", "read", path))
        const from = options?.position === undefined ? position : Number(options.position)
        const bytes = node.content.slice(from, from + size)
        if (options?.position === undefined) position += bytes.length
        return Effect.succeed(bytes.length === 0 ? Option.none() : Option.some(bytes))
      })
    )

  const put = (bytes: Uint8Array) => {
    const from = append ? node.content.length : position
    volume.write(node, from, bytes)
    if (!append) position = from + bytes.length
  }
  const writing = (bytes: Uint8Array) =>
    gate.pass(
      "write",
      path,
      (share) => Effect.sync(() => put(share === "all" ? bytes : bytes.subarray(0, bytes.length >> 1))),
      bytes
    )

  return {
    [FileSystem.FileTypeId]: FileSystem.FileTypeId,
    stat: gate.pass("stat", path, () => Effect.sync(() => info(node))),
    seek: (offset, from) =>
      Effect.sync(() => {
        position = Number(offset) + (from === "start" ? 0 : position)
        return BigInt(position)
      }),
    sync: gate.pass("sync", path, () => Effect.sync(() => volume.sync(at, node))),
    read: (buffer, options) =>
      Effect.map(readAlloc(buffer.length, options), (read) => {
        if (Option.isNone(read)) return 0
        buffer.set(read.value)
        return read.value.length
      }),
    readAlloc,
    truncate: (length = 0) =>
      gate.pass("truncate", path, () =>
        Effect.sync(() => {
          volume.truncate(node, length)
          position = Math.min(position, length)
        })
      ),
    write: (bytes) => Effect.as(writing(bytes), bytes.length),
    writeAll: writing
  }
}
