/** Why a file or folder cannot be read or written, in words. */
import type { PlatformError } from "effect/PlatformError"

const words: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  EEXIST: "it is there already",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "the name is too long"
}

export const fileProblem = ({ reason }: PlatformError): string => {
  const cause: unknown = "cause" in reason ? reason.cause : undefined
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""
  return words[code] ?? (code === "" ? reason._tag : code)
}
