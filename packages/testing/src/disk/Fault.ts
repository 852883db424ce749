/** What can go wrong with one operation of a disk, and how a platform says so. */
import * as PlatformError from "effect/PlatformError"

/**
 * `ENOSPC` (the disk is full), `EIO` (it is broken), `EACCES` (permission denied), or a short write: half of the bytes are
 * written and then the disk is full. Operations other than writes are not touched by a short write.
 */
export type Kind = "ENOSPC" | "EIO" | "EACCES" | "short write"

/** Which operation fails, counted from 1, and whether it alone or every one from then on. */
export interface Fault {
  readonly kind: Kind
  readonly at: number
  readonly onwards: boolean
}

const tags: { readonly [code: string]: PlatformError.SystemErrorTag } = {
  EACCES: "PermissionDenied",
  EEXIST: "AlreadyExists",
  EISDIR: "BadResource",
  ENOENT: "NotFound",
  ENOTDIR: "BadResource"
}

/** A failure as Node's file system reports it: its code stands in the cause. */
export const error = (code: string, method: string, path: string): PlatformError.PlatformError =>
  PlatformError.systemError({
    _tag: tags[code] ?? "Unknown",
    module: "FileSystem",
    method,
    pathOrDescriptor: path,
    cause: Object.assign(new Error(`${code}: ${method} '${path}'`), { code })
  })
