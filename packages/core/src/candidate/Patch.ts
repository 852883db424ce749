/**
 * How one text became another, as edits that name what they replace. A patch is checked before it changes anything: each
 * edit must find its piece exactly once. So it applies to other versions of the text, too, and can be taken back from one
 * that has gone on since. Plain data.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { diff, words } from "./wordDiff.ts"

/** A piece of the text as it stands, and what takes its place: empty where it only goes. */
export const Edit = Schema.Struct({ find: Schema.String, replace: Schema.String })
export type Edit = typeof Edit.Type

/** Edits of one text, made all at once. */
export const Patch = Schema.Array(Edit)
export type Patch = typeof Patch.Type

/** An edit does not fit the text, which stays as it was. */
export class PatchRefused extends Schema.TaggedError<PatchRefused>()("PatchRefused", {
  /** Its place in the patch, from 0. */
  edit: Schema.Int,
  /** What is the matter, in words that its author can follow. */
  message: Schema.String
}) {}

/**
 * Makes all edits, or none.
 *
 * **Example**
 *
 * ```ts
 * import { Patch } from "@backprose/core"
 * import { Result } from "effect"
 *
 * const patch = Patch.make("Name the label.", "Name only the label.\nParcels: SHP.")
 * const undone = Patch.apply("Name only the label.\nParcels: SHP. Bills: BIL.", Patch.invert(patch))
 * // Result.succeed("Name the label. Bills: BIL.")
 * if (Result.isFailure(undone)) console.log(undone.failure.message)
 * ```
 */
export const apply = (text: string, patch: Patch): Result.Result<string, PatchRefused> => {
  const places: Array<Place> = []
  for (const [edit, { find, replace }] of patch.entries()) {
    const refused = (what: string) => Result.fail(new PatchRefused({ edit, message: `edit ${edit + 1}: ${what}` }))
    const [start, second] = placesOf(text, find)
    if (start === undefined) return refused(`${quoted(find)} does not stand in the text`)
    if (second !== undefined) return refused(`${quoted(find)} stands in the text more than once`)
    const place = { start, end: start + find.length, replace }
    if (places.some((one) => one.start < place.end && place.start < one.end)) {
      return refused("it changes what another edit changes, too")
    }
    places.push(place)
  }
  // from the end, so that places before it stay where they are
  const last = places.toSorted((a, b) => b.start - a.start)
  return Result.succeed(last.reduce((all, one) => all.slice(0, one.start) + one.replace + all.slice(one.end), text))
}

interface Place {
  readonly start: number
  readonly end: number
  readonly replace: string
}

/** The first two places at which a piece stands; of an empty piece, none but in an empty text. */
const placesOf = (text: string, piece: string): ReadonlyArray<number> => {
  if (piece === "") return text === "" ? [0] : []
  const first = text.indexOf(piece)
  const second = first < 0 ? -1 : text.indexOf(piece, first + 1)
  return [first, second].filter((at) => at >= 0)
}

const quoted = (piece: string): string => JSON.stringify(piece.length <= 60 ? piece : `${piece.slice(0, 57)}...`)

/** The patch that takes this one back. */
export const invert = (patch: Patch): Patch => patch.map(({ find, replace }) => ({ find: replace, replace: find }))

/**
 * The edits that make the second text of the first, a few words each; around a place that is not the only one of its kind,
 * as many words more as it takes to name it, before the change and after.
 */
export const make = (before: string, after: string): Patch => {
  if (before === after) return []
  const [old, now] = [words(before), words(after)]
  const edits = settled(changed(old, now), old, now)
  return edits.map(({ was, is }) => ({ find: join(old, was), replace: join(now, is) }))
}

/** From a word to before another. */
type Range = readonly [from: number, to: number]

const join = (all: ReadonlyArray<string>, [from, to]: Range): string => all.slice(from, to).join("")

interface Hunk {
  readonly was: Range
  readonly is: Range
}

const changed = (old: ReadonlyArray<string>, now: ReadonlyArray<string>): ReadonlyArray<Hunk> => {
  const hunks: Array<Hunk> = []
  let [at, to] = [0, 0]
  for (const { _tag, items } of diff(old, now)) {
    const gone = _tag === "Insert" ? 0 : items.length
    const come = _tag === "Delete" ? 0 : items.length
    if (_tag !== "Equal") hunks.push({ was: [at, at + gone], is: [to, to + come] })
    at += gone
    to += come
  }
  return joined(hunks)
}

/** Neighbours that touch as one. */
const joined = (hunks: ReadonlyArray<Hunk>): ReadonlyArray<Hunk> => {
  const all: Array<Hunk> = []
  for (const hunk of hunks) {
    const last = all.at(-1)
    if (last === undefined || last.was[1] < hunk.was[0]) all.push(hunk)
    else all[all.length - 1] = { was: [last.was[0], hunk.was[1]], is: [last.is[0], hunk.is[1]] }
  }
  return all
}

/** Each wide enough to be found, in one text and in the other. At its widest it is all of both. */
const settled = (
  hunks: ReadonlyArray<Hunk>,
  old: ReadonlyArray<string>,
  now: ReadonlyArray<string>
): ReadonlyArray<Hunk> => {
  const [before, after] = [old.join(""), now.join("")]
  const isFound = ({ was, is }: Hunk) =>
    placesOf(before, join(old, was)).length === 1 && placesOf(after, join(now, is)).length === 1
  const wider = ({ was, is }: Hunk): Hunk => {
    const [left, right] = [was[0] > 0 ? 1 : 0, was[1] < old.length ? 1 : 0]
    return { was: [was[0] - left, was[1] + right], is: [is[0] - left, is[1] + right] }
  }
  let all = hunks
  while (!all.every(isFound)) all = joined(all.map((hunk) => (isFound(hunk) ? hunk : wider(hunk))))
  return all
}
