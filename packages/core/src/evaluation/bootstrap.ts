/** How far a mean may be off: the 95 % interval (percentiles) over 2,000 resamples of the same numbers. */
const resamples = 2000

/** `next`: from 0 to below 1. */
export const bootstrap = (
  numbers: ReadonlyArray<number>,
  next: () => number
): { readonly low: number; readonly high: number } => {
  const means = Array.from({ length: resamples }, () => {
    let sum = 0
    for (let i = 0; i < numbers.length; i++) sum += numbers[Math.floor(next() * numbers.length)]!
    return sum / numbers.length
  }).sort((a, b) => a - b)
  const at = (share: number) => means[Math.floor(share * (resamples - 1))]!
  return { low: at(0.025), high: at(0.975) }
}
