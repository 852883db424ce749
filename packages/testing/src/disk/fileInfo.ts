/** What a disk says of a file or folder: its kind and its size; it keeps no times and no owners. */
import * as ByteSize from "effect/ByteSize"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { Node } from "./Volume.ts"

export const info = ({ content, id, kind }: Node): FileSystem.File.Info => ({
  type: kind === "file" ? "File" : "Directory",
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  dev: 1n,
  ino: Option.some(BigInt(id)),
  mode: kind === "file" ? 0o100600 : 0o40700,
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  size: ByteSize.bytes(content.length),
  blksize: Option.none(),
  blocks: Option.none()
})
