/** Why a file cannot be read or written, in words. */
import type { PlatformError } from "effect/PlatformError"

const words: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it is there already",
  EFBIG: "it is too large for the file system",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
  ENOTSUP: "the file system cannot do this",
  EPERM: "permission denied",
  EROFS: "the file system is read-only"
}

/** One of the words above where the cause is known, else the name that the platform gives it. */
export const fileProblem = ({ reason }: PlatformError): string => {
  const code = codeOf(reason)
  return code === undefined ? (reason.description ?? reason._tag) : (words[code] ?? code)
}

/** The name of the cause, as Node, Bun and Deno have it: `ENOSPC`, … */
export const codeOf = ({ cause }: { readonly cause?: unknown }): string | undefined =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined
