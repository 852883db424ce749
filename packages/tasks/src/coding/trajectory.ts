import type { Reading } from "../study/Study.ts"

/** A version of an answer, and the model calls up to it. */
export type Version = Pick<Reading, "answer" | "calls">

/** A reading a name: a trajectory that ended early repeats its last version, with a note on why where that is worth one. */
export const trajectory = (
  names: ReadonlyArray<string>,
  versions: ReadonlyArray<Version>,
  note?: string
): ReadonlyArray<Reading> =>
  names.map((name, i) => ({
    name,
    ...versions[Math.min(i, versions.length - 1)]!,
    ...(note === undefined || i < versions.length ? {} : { note })
  }))
