/**
 * What two lists of pieces of text have in common, and the words of a text. The one file that knows `effect/TextDiff`, which
 * is experimental.
 */
import * as TextDiff from "effect/TextDiff"

/** A run of pieces that both have, or that only one of them has. */
export type Edit = TextDiff.Edit<string>

// a limit on the work, far beyond any prompt
const maxEdits = 4000

/** How the second list comes of the first. */
export const diff = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<Edit> =>
  TextDiff.diff(before, after, { maxEdits })

/** A text as words, signs, and what stands between: joined, they are the text. */
export const words = (text: string): ReadonlyArray<string> => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []
