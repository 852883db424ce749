/**
 * A record as a line of text: JSON, a space, a checksum. The checksum is of the record and of the checksum before it, so
 * a line that was changed, lost, repeated or moved breaks the chain where that happened.
 */
import { crc32 } from "./crc32.ts"
import { version } from "./Record.ts"

/** The first line of a journal: what it is, which version of the format, and where the chain begins. */
const title = `backprose-journal ${version}`

/** The length of a checksum, which is written in hexadecimal digits. */
export const digits = 8

export const checksum = (linked: Uint8Array): string => crc32(linked).toString(16).padStart(digits, "0")

const utf8 = new TextEncoder()
const start = checksum(utf8.encode(title))

export const header = `${title} ${start}\n`

/** What every journal of any version begins with. */
export const anyHeader = /^backprose-journal (\d{1,6}) [0-9a-f]{8}\n$/

/** The checksum that the first record is linked to. */
export const first = start

// what JSON leaves as it is, and a terminal or a reader might obey: C1, changes of direction, marks that are not seen
const marks =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g

/** The same JSON, harmless for a terminal: people look at journals, and models wrote what stands in them. */
export const harmless = (json: string): string =>
  json.replace(marks, (mark) =>
    Array.from({ length: mark.length }, (_, i) => `\\u${mark.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")
  )

/** A line, and the checksum that the next one is linked to. */
export const encode = (previous: string, json: string): { readonly line: string; readonly checksum: string } => {
  // as the bytes stand in the file, so that a reader can check them where they are
  const own = checksum(utf8.encode(`${previous}\n${json}`))
  return { line: `${json} ${own}\n`, checksum: own }
}
