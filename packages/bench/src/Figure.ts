/**
 * One measured number, beside what was wanted of it.
 */
export type Unit = "x" | "%" | "ms" | "s" | "MB" | "calls" | "tokens" | "at once"

export interface Figure {
  /** What was measured, in words. */
  readonly name: string
  readonly unit: Unit
  /** The median, where it was measured more than once. */
  readonly measured: number
  /** The best of the repeats. */
  readonly min?: number
  /** At most this. Absent where the number is only there to compare with. */
  readonly wanted?: number
}

/** Whether a figure is what was wanted; `undefined` where nothing was. The median counts, not the best repeat. */
export const held = ({ measured, wanted }: Figure): boolean | undefined =>
  wanted === undefined ? undefined : measured <= wanted

/** The middle of some numbers; `NaN` of none. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A figure of something that was repeated. */
export const repeated = (
  fields: { readonly name: string; readonly unit: Unit; readonly wanted?: number },
  values: ReadonlyArray<number>
): Figure => ({ ...fields, measured: median(values), min: Math.min(...values) })
