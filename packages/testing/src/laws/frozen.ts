/** Values that nobody may write to: whoever tries fails, or is found out. */

const isPlain = (value: object): boolean => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype

/**
 * Freezes plain data as deep as it goes. Maps cannot be frozen: what comes back tells whether one of them has changed since.
 * Schemas and functions are left alone, as they remember what they have computed.
 */
export const watch = (value: unknown): (() => boolean) => {
  const maps = new Map<Map<unknown, unknown>, ReadonlyArray<readonly [unknown, unknown]>>()
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return
    seen.add(value)
    if (value instanceof Map) {
      maps.set(value, [...value])
      for (const inner of value.values()) visit(inner)
    } else if (isPlain(value)) {
      Object.freeze(value)
      for (const inner of Object.values(value)) visit(inner)
    }
  }
  visit(value)
  return () =>
    [...maps].some(([map, before]) => {
      const now = [...map]
      return (
        now.length !== before.length || now.some(([key, value], i) => key !== before[i]![0] || value !== before[i]![1])
      )
    })
}
