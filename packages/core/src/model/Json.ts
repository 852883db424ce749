/**
 * Strict JSON, as a reply may hold it. Like `JSON.parse`, but a key that stands twice is refused instead of the first
 * being lost, so is `__proto__`, and nesting has an end; and it can read one value that begins inside a longer text.
 */
import * as Result from "effect/Result"

/** A value with the place right after it. */
export interface Found {
  readonly value: unknown
  readonly end: number
}

/** No reply that means something is nested deeper. */
const deepest = 200

/** The one JSON value that a text is, or why it is none, in words. */
export const parse = (text: string): Result.Result<unknown, string> =>
  Result.flatMap(at(text, skip(text, 0)), ({ value, end }) => {
    const rest = skip(text, end)
    return rest === text.length
      ? Result.succeed(value)
      : Result.fail(`not JSON: something stands after its end, at character ${rest}`)
  })

/** The JSON value that begins at a place of a text, or why there is none. */
export const at = (text: string, start: number): Result.Result<Found, string> => {
  const reader: Reader = { text, place: start, problem: undefined }
  const value = read(reader, 0)
  return reader.problem === undefined ? Result.succeed({ value, end: reader.place }) : Result.fail(reader.problem)
}

interface Reader {
  readonly text: string
  place: number
  problem: string | undefined
}

const space = /[ \t\n\r]*/y
const skip = (text: string, from: number): number => {
  space.lastIndex = from
  space.test(text)
  return space.lastIndex
}

const fail = (reader: Reader, problem: string): undefined => {
  reader.problem ??= problem
  return undefined
}

const unexpected = (reader: Reader): undefined => {
  const { text, place } = reader
  return fail(
    reader,
    place >= text.length
      ? "not JSON: it ends in the middle"
      : `not JSON: ${JSON.stringify(text[place])} is unexpected at character ${place}`
  )
}

const read = (reader: Reader, depth: number): unknown => {
  if (depth > deepest) return fail(reader, `not readable: nested deeper than ${deepest}`)
  switch (reader.text[reader.place]) {
    case "{":
      return object(reader, depth)
    case "[":
      return array(reader, depth)
    case '"':
      return string(reader)
    default:
      return scalar(reader)
  }
}

/** Goes on to what comes next beside white space. */
const next = (reader: Reader): string | undefined => {
  reader.place = skip(reader.text, reader.place)
  return reader.text[reader.place]
}

/** After an entry: a comma goes on to the next one, the closing bracket ends it. */
const goesOn = (reader: Reader, close: string): boolean => {
  const mark = next(reader)
  if (mark !== "," && mark !== close) unexpected(reader)
  else reader.place += 1
  return mark === "," && reader.problem === undefined
}

const object = (reader: Reader, depth: number): unknown => {
  const entries = new Map<string, unknown>()
  reader.place += 1
  if (next(reader) === "}") {
    reader.place += 1
    return {}
  }
  do {
    if (next(reader) !== '"') return unexpected(reader)
    const key = string(reader)
    if (key === undefined) return undefined
    if (entries.has(key)) return fail(reader, `not readable: the key ${JSON.stringify(key)} stands twice in one object`)
    if (key === "__proto__") return fail(reader, 'not readable: "__proto__" is no key')
    if (next(reader) !== ":") return unexpected(reader)
    reader.place += 1
    next(reader)
    entries.set(key, read(reader, depth + 1))
    if (reader.problem !== undefined) return undefined
  } while (goesOn(reader, "}"))
  return Object.fromEntries(entries)
}

const array = (reader: Reader, depth: number): unknown => {
  const items: Array<unknown> = []
  reader.place += 1
  if (next(reader) === "]") {
    reader.place += 1
    return items
  }
  do {
    next(reader)
    items.push(read(reader, depth + 1))
    if (reader.problem !== undefined) return undefined
  } while (goesOn(reader, "]"))
  return items
}

/** Where a string that begins at `start` ends, its quotes included; -1 where it does not. */
const closing = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === "\\") slashes += 1
    if (slashes % 2 === 0) return end + 1
  }
  return -1
}

const string = (reader: Reader): string | undefined => {
  const { text, place } = reader
  const end = closing(text, place)
  if (end < 0) return fail(reader, "not JSON: it ends in the middle of a string")
  const parsed = Result.try(() => JSON.parse(text.slice(place, end)) as string)
  if (Result.isFailure(parsed)) {
    return fail(
      reader,
      `not JSON: the string at character ${place} holds a line end, a control character or a wrong escape`
    )
  }
  reader.place = end
  return parsed.success
}

const scalars = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

const scalar = (reader: Reader): unknown => {
  scalars.lastIndex = reader.place
  const word = scalars.exec(reader.text)?.[0]
  if (word === undefined) return unexpected(reader)
  reader.place += word.length
  const value: unknown = JSON.parse(word)
  return typeof value === "number" && !Number.isFinite(value)
    ? fail(reader, `not readable: the number ${word.slice(0, 40)} is too large`)
    : value
}
