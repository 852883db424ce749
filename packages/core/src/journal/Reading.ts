/**
 * A journal read back from its bytes, piece by piece: its records up to the first line that is not as it was written.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Line from "./Line.ts"
import { Record, version } from "./Record.ts"

/** What is wrong with a file as a whole. It is not for us to repair. */
export interface Refused {
  readonly line: number
  readonly reason: string
}

/** What a file turned out to hold. */
export interface Found {
  readonly records: ReadonlyArray<Record>
  /** How many bytes of it are whole, from the start. 0: not even the first line, so nothing was ever kept in it. */
  readonly whole: number
  /** Where the chain goes on. */
  readonly checksum: string
  /**
   * What follows the whole part: nothing, a last line that was not finished (as a crash leaves it), or more than that,
   * from which line on.
   */
  readonly rest: "nothing" | "unfinished" | { readonly damagedFrom: number }
}

const newline = 0x0a
const text = new TextDecoder("utf-8", { ignoreBOM: true })
const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Record), { onExcessProperty: "error" })

/** Takes a file piece by piece. */
export interface Reader {
  /** The next bytes. Answers why this is no journal to be read, as soon as that is clear. */
  readonly take: (bytes: Uint8Array) => Refused | undefined
  /** The file has no more. */
  readonly end: () => Found | Refused
}

export const make = (): Reader => {
  const records: Array<Record> = []
  let checksum = Line.first
  let whole = 0
  let line = 0
  let damagedFrom: number | undefined
  /** What was taken and not read: the end of the last whole line, which the next one is linked to, then what follows. */
  let kept = new Uint8Array(0)
  let linked = 0
  let refused: Refused | undefined

  const readHeader = (bytes: Uint8Array): Refused | undefined => {
    const found = text.decode(bytes)
    if (found === Line.header) return undefined
    const other = Line.anyHeader.exec(found)?.[1]
    return other === undefined || Number(other) === version
      ? { line: 1, reason: "it is no journal" }
      : { line: 1, reason: `it is of version ${other} of the format, and this program reads version ${version}` }
  }

  /** A line with what it is linked to before it, without its newline. */
  const readRecord = (bytes: Uint8Array): "damaged" | Refused | undefined => {
    const space = bytes.length - Line.digits - 1
    if (space <= Line.digits || bytes[space] !== 0x20) return "damaged"
    const json = bytes.subarray(0, space)
    const own = text.decode(bytes.subarray(space + 1))
    if (Line.checksum(json) !== own) return "damaged"
    const record = decode(text.decode(json.subarray(Line.digits + 1)))
    // it is what was written: by a program that knows more than this one, or by a stranger
    if (Result.isFailure(record)) return { line, reason: "it holds a record that this program does not know" }
    records.push(record.success)
    checksum = own
    return undefined
  }

  const take = (bytes: Uint8Array): Refused | undefined => {
    if (refused !== undefined) return refused
    const all = kept.length === 0 ? bytes : joined(kept, bytes)
    let start = linked
    for (let end = all.indexOf(newline, kept.length); end !== -1; end = all.indexOf(newline, start)) {
      line++
      if (damagedFrom === undefined) {
        const read = line === 1 ? readHeader(all.subarray(0, end + 1)) : readRecord(all.subarray(start - linked, end))
        if (read === "damaged") damagedFrom = line
        else if (read !== undefined) return (refused = read)
        else {
          whole += end + 1 - start
          linked = Line.digits + 1
        }
      }
      start = end + 1
    }
    // after damage nothing is looked at any more but whether there are further lines
    kept = damagedFrom === undefined ? all.slice(start - linked) : new Uint8Array(0)
    if (damagedFrom !== undefined) linked = 0
    return undefined
  }

  return {
    take,
    end: () => {
      if (refused !== undefined) return refused
      const tail = kept.subarray(linked)
      // the first line can only be unfinished where it was never finished: nothing was kept before it was on the disk
      if (line === 0 && !isBlank(tail) && !Line.header.startsWith(text.decode(tail))) {
        return { line: 1, reason: "it is no journal" }
      }
      const rest = damagedFrom !== undefined ? { damagedFrom } : tail.length > 0 ? "unfinished" : "nothing"
      return { records, whole, checksum, rest }
    }
  }
}

/** Room that a crash left without what was to be written there. */
const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
