/**
 * Reading one member out of a Python wheel, which is a zip archive. Only what wheels use: stored or deflated members,
 * found by the directory at the end of the file; each is checked against its CRC.
 */

import { type FileHandle, open } from "node:fs/promises"
import { crc32, inflateRawSync } from "node:zlib"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { io, SourceFailed } from "./Fetching.ts"

interface Member {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressedSize: number
  readonly headerOffset: number
}

const endSignature = Buffer.from("PK\x05\x06", "latin1")
// the fixed part of the end record, and the longest comment behind it
const endSize = 22 + 0xffff

const readAt = (file: FileHandle, position: number, length: number) =>
  io(async () => {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await file.read(buffer, 0, length, position)
    if (bytesRead < length) throw new Error("the archive is cut short")
    return buffer
  })

const directory = Effect.fnUntraced(function* (file: FileHandle): Effect.fn.Return<Array<Member>, SourceFailed> {
  const { size } = yield* io(() => file.stat())
  const tail = yield* readAt(file, Math.max(0, size - endSize), Math.min(size, endSize))
  const end = tail.lastIndexOf(endSignature)
  if (end < 0 || end + 22 > tail.length) return yield* new SourceFailed({ reason: "this is no zip archive" })
  const entries = yield* readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const members: Array<Member> = []
  for (let at = 0; at + 46 <= entries.length; ) {
    const nameLength = entries.readUInt16LE(at + 28)
    members.push({
      name: entries.toString("utf8", at + 46, at + 46 + nameLength),
      method: entries.readUInt16LE(at + 10),
      crc: entries.readUInt32LE(at + 16),
      compressedSize: entries.readUInt32LE(at + 20),
      headerOffset: entries.readUInt32LE(at + 42)
    })
    at += 46 + nameLength + entries.readUInt16LE(at + 30) + entries.readUInt16LE(at + 32)
  }
  return members
})

const unpack = (member: Member, raw: Buffer): Effect.Effect<Buffer, SourceFailed> =>
  Effect.try({
    try: () => (member.method === 0 ? raw : inflateRawSync(raw)),
    catch: (cause) => new SourceFailed({ reason: `${member.name} cannot be unpacked: ${(cause as Error).message}` })
  })

/** The bytes of the one member whose name matches. */
export const member = Effect.fnUntraced(function* (
  path: string,
  name: RegExp
): Effect.fn.Return<Buffer, SourceFailed, Scope.Scope> {
  const file = yield* Effect.acquireRelease(
    io(() => open(path, "r")),
    (handle) => Effect.promise(() => handle.close())
  )
  const found = (yield* directory(file)).filter((entry) => name.test(entry.name))
  const [only] = found
  if (only === undefined || found.length > 1)
    return yield* new SourceFailed({ reason: `the archive has ${found.length} members like ${name.source}, not one` })
  if (only.method !== 0 && only.method !== 8)
    return yield* new SourceFailed({ reason: `${only.name} is packed by method ${only.method}, which no wheel uses` })
  const header = yield* readAt(file, only.headerOffset, 30)
  const start = only.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const bytes = yield* unpack(only, yield* readAt(file, start, only.compressedSize))
  if (crc32(bytes) !== only.crc) return yield* new SourceFailed({ reason: `${only.name} is damaged (CRC)` })
  return bytes
}, Effect.scoped)
