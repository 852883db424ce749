/**
 * Runs inside a jail: whether two values are the same all the way down, as Node's `assert.deepEqual` means it. The program
 * whose values they are may have replaced what every array and set inherits, so nothing inherited is used; it imports nothing.
 */

interface Above {
  readonly a: unknown
  readonly b: unknown
  readonly above: Above | undefined
}

// as they are before the program
const { create, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is, keys } = Object
const { apply } = Reflect
const { isArray } = Array
const { isPrototypeOf, toString } = Object.prototype
const [setEach, mapEach, mapGet, time] = [
  Set.prototype.forEach,
  Map.prototype.forEach,
  Map.prototype.get,
  Date.prototype.getTime
]
const bytes = Uint8Array
const errors = Error.prototype
const getter = (of: object, name: string): any => getOwnPropertyDescriptor(of, name)!.get

/** What a method that only its own kind of objects has says of a value; undefined of any other. */
const asked = (method: any) => (value: unknown) => {
  try {
    return apply(method, value, [])
  } catch {
    return undefined
  }
}
const setSize = asked(getter(Set.prototype, "size"))
const mapSize = asked(getter(Map.prototype, "size"))
const bufferSize = asked(getter(ArrayBuffer.prototype, "byteLength"))
// what makes one other than another, where no key tells: numbers, texts and so on as objects, dates, patterns
const insides = [
  asked(time),
  asked(getter(RegExp.prototype, "source")),
  asked(Number.prototype.valueOf),
  asked(String.prototype.valueOf),
  asked(Boolean.prototype.valueOf),
  asked(BigInt.prototype.valueOf),
  asked(Symbol.prototype.valueOf)
] as const
const flags = asked(getter(RegExp.prototype, "flags"))

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null
const isError = (value: unknown): boolean => apply(isPrototypeOf, errors, [value])
const tag = (value: unknown): string => apply(toString, value, [])

/** Strictly: by `Object.is`, with the same prototypes. Loosely: by `==`. */
export const same = (a: any, b: any, strict: boolean, above?: Above): boolean => {
  if (is(a, b)) return true
  if (isPlain(a) || isPlain(b)) return !strict && isPlain(a) && isPlain(b) && a == b
  if (strict && getPrototypeOf(a) !== getPrototypeOf(b)) return false
  // promises, weak maps and so on show nothing: each is the same as itself alone
  const kind = tag(a)
  if (isArray(a) !== isArray(b) || kind !== tag(b) || hidden(kind)) return false
  // a ring that is the same as far as one has come
  for (let one = above; one !== undefined; one = one.above) if (one.a === a && one.b === b) return true
  const inside: Above = { a, b, above }
  const inner = (x: unknown, y: unknown) => same(x, y, strict, inside)
  for (let i = 0; i < 7; i++) if (!is(insides[i]!(a), insides[i]!(b))) return false
  if (kind === "[object RegExp]" && flags(a) !== flags(b)) return false
  if (isError(a) || isError(b)) {
    if (!(isError(a) && isError(b) && a.name === b.name && a.message === b.message)) return false
  }
  const size = mapSize(a)
  if (size !== mapSize(b) || setSize(a) !== setSize(b) || bufferSize(a) !== bufferSize(b)) return false
  if (size !== undefined) return matched(mapEach, a, b, (x, y) => inner(x, y) && inner(valueOf(a, x), valueOf(b, y)))
  if (setSize(a) !== undefined) return matched(setEach, a, b, inner)
  if (bufferSize(a) !== undefined && !inner(new bytes(a), new bytes(b))) return false
  if (isArray(a) && a.length !== b.length) return false
  const own = keys(a)
  if (own.length !== keys(b).length) return false
  for (let i = 0; i < own.length; i++) if (!hasOwn(b, own[i]!) || !inner(a[own[i]!], b[own[i]!])) return false
  return true
}

const valueOf = (map: unknown, key: unknown): unknown => apply(mapGet, map, [key])

const hidden = (kind: string): boolean =>
  kind === "[object Promise]" ||
  kind === "[object WeakMap]" ||
  kind === "[object WeakSet]" ||
  kind === "[object WeakRef]"

/** Whether each key of the one has a partner of its own in the other, which is as large. */
const matched = (each: any, a: unknown, b: unknown, fit: (x: unknown, y: unknown) => boolean): boolean => {
  const others = create(null)
  const taken = create(null)
  let n = 0
  let all = true
  apply(each, b, [(_: unknown, key: unknown) => void (others[n++] = key)])
  apply(each, a, [
    (_: unknown, key: unknown) => {
      let i = 0
      while (i < n && (taken[i] || !fit(key, others[i]))) i++
      if (i === n) all = false
      taken[i] = true
    }
  ])
  return all
}
