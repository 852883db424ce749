const sorted = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Plain data as one JSON text, whatever order its fields were written in: equal data, equal text. */
export const canonical = (data: unknown): string => JSON.stringify(data, sorted)
