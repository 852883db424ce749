/** Runs inside QuickJS: whether two values are the same all the way down, as Node's `assert.deepEqual` means it. */

type Pairs = ReadonlyArray<readonly [unknown, unknown]>

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null

/** Strictly: by `Object.is`, with the same prototypes. Loosely: by `==`. */
export const same = (a: any, b: any, strict: boolean, above: Pairs = []): boolean => {
  if (Object.is(a, b)) return true
  if (isPlain(a) || isPlain(b)) return !strict && isPlain(a) && isPlain(b) && a == b
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  // a ring that is the same as far as one has come
  if (above.some(([x, y]) => x === a && y === b)) return true
  const inside: Pairs = [...above, [a, b]]
  const inner = (x: unknown, y: unknown) => same(x, y, strict, inside)
  if (a instanceof Date || b instanceof Date) {
    if (!(a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime()))) return false
  }
  if (a instanceof RegExp || b instanceof RegExp) {
    if (!(a instanceof RegExp && b instanceof RegExp && String(a) === String(b))) return false
  }
  if (a instanceof Error || b instanceof Error) {
    if (!(a instanceof Error && b instanceof Error && a.name === b.name && a.message === b.message)) return false
  }
  if (a instanceof Map || b instanceof Map) {
    if (!(a instanceof Map && b instanceof Map && a.size === b.size)) return false
    return matched([...a], [...b], ([x, v], [y, w]) => inner(x, y) && inner(v, w))
  }
  if (a instanceof Set || b instanceof Set) {
    if (!(a instanceof Set && b instanceof Set && a.size === b.size)) return false
    return matched([...a], [...b], inner)
  }
  const keys = Object.keys(a)
  return (
    (!Array.isArray(a) || a.length === b.length) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && inner(a[key], b[key]))
  )
}

/** Whether each of the one has a partner of its own among the others. */
const matched = <A>(some: ReadonlyArray<A>, others: ReadonlyArray<A>, fit: (a: A, b: A) => boolean): boolean => {
  const left = [...others]
  return some.every((one) => {
    const i = left.findIndex((other) => fit(one, other))
    if (i < 0) return false
    left.splice(i, 1)
    return true
  })
}
