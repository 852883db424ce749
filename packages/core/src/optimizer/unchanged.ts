import type * as Parameters from "../parameter/Parameters.ts"

/** The values that parameters have: what a proposal says of those that it was asked about and leaves alone. */
export const unchanged = (entries: ReadonlyArray<Parameters.Entry>): ReadonlyMap<string, unknown> =>
  new Map(entries.map(({ name, variable }) => [name, variable.value]))
