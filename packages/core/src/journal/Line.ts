/**
 * A record as a line of text: JSON, a space, a checksum. The checksum is of the record and of the checksum before it, so
 * a line that was changed, lost, repeated or moved breaks the chain where that happened.
 */
import { sha256 } from "../model/sha256.ts"
import { version } from "./Record.ts"

/** The first line of a journal: what it is, which version of the format, and where the chain begins. */
const title = `backprose-journal ${version}`

/** In hexadecimal digits: 64 bits are plenty against accidents, and nobody else is kept out by a checksum. */
export const digits = 16

export const checksum = (linked: string | Uint8Array): string => sha256(linked).slice(0, digits)

export const header = `${title} ${checksum(title)}\n`

/** What every journal of any version begins with. */
export const anyHeader = /^backprose-journal (\d{1,6}) [0-9a-f]{16}\n$/

/** The checksum that the first record is linked to. */
export const first = checksum(title)

/** A line, and the checksum that the next one is linked to. */
export const encode = (previous: string, json: string): { readonly line: string; readonly checksum: string } => {
  // as the bytes stand in the file, so that a reader can check them where they are
  const own = checksum(`${previous}\n${json}`)
  return { line: `${json} ${own}\n`, checksum: own }
}
