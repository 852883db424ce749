/** A journal as a stranger would forge it: any records, with checksums that are right. */
import { crc32 } from "node:zlib"

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0")

const title = "backprose-journal 1"

export type Json = { readonly [name: string]: unknown }

/** The records in the text of a journal. */
export const read = (text: string): ReadonlyArray<Json> =>
  text
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line.slice(0, line.lastIndexOf(" "))))

/** The text of a journal with these records. */
export const write = (records: ReadonlyArray<Json>): string => {
  let previous = checksum(title)
  const lines = records.map((record) => {
    const json = JSON.stringify(record)
    previous = checksum(`${previous}\n${json}`)
    return `${json} ${previous}\n`
  })
  return `${title} ${checksum(title)}\n${lines.join("")}`
}
