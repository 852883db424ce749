/**
 * Mean and variance of the mean of differences between scores, honest also where a few examples all went the same way: as
 * if two more had been tried, of which one went half up and half down, and one stayed. (Agresti and Min, "Simple improved
 * confidence intervals for comparing matched proportions", 2005.)
 */
export const adjusted = (differences: ReadonlyArray<number>): { readonly mean: number; readonly variance: number } => {
  const n = differences.length + 2
  const mean = differences.reduce((sum, one) => sum + one, 0) / n
  const square = (differences.reduce((sum, one) => sum + one * one, 0) + 1) / n
  return { mean, variance: (square - mean * mean) / n }
}

/** Of a normal distribution, so many deviations to each side hold 95 %. */
export const z = 1.959964
