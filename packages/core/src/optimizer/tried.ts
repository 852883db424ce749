/** What is known of earlier versions of a parameter, as optimizers show it. */
import { mean } from "../candidate/Candidate.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import type { Failed } from "../prompts/Failed.ts"
import * as NewValue from "./NewValue.ts"
import type { Earlier, ProposalRequest } from "./Optimizer.ts"

/** Each version once, where it came last: one that was kept at any time is not one that failed. */
export const distinct = (versions: ReadonlyArray<Earlier>): ReadonlyArray<Earlier> => {
  const known = new Map<unknown, Earlier>()
  for (const version of versions) {
    const before = known.get(version.value)
    const kept = version.rejected === undefined || (before !== undefined && before.rejected === undefined)
    known.delete(version.value)
    known.set(version.value, kept && version.rejected !== undefined ? before! : version)
  }
  return [...known.values()]
}

/**
 * The score of the value in use: that of the whole candidate, which may have got better by other parameters since the value
 * itself was new.
 */
export const scoreInUse = (
  { earlier, parent }: Pick<ProposalRequest, "earlier" | "parent">,
  { name, variable }: Parameters.Entry
): number | undefined => mean(parent) ?? earlier.get(name)?.findLast(({ value }) => value === variable.value)?.score

/** The latest versions of a parameter that were tried and not kept, oldest first: so many at most. */
export const failures = (
  { earlier, failed: chosen = 0 }: Pick<ProposalRequest, "earlier" | "failed">,
  entry: Parameters.Entry,
  most: number
): ReadonlyArray<Failed> => {
  const failed = distinct(earlier.get(entry.name) ?? []).flatMap(({ rejected, score, value }) =>
    rejected === undefined || value === entry.variable.value
      ? []
      : [{ value: NewValue.shown(entry, value), score, reason: rejected }]
  )
  return failed.slice(Math.max(0, failed.length - Math.max(most, chosen)))
}
