/**
 * Runs inside QuickJS as the module `assert`: the part of Node's that test programs use, in our own words. It is read as
 * text, and imports nothing.
 */
import { same } from "./equality.ts"

type Message = string | Error | undefined

const show = (value: unknown): string =>
  typeof value === "object" && value !== null ? String(JSON.stringify(value)) : String(value)

export class AssertionError extends Error {
  readonly code = "ERR_ASSERTION"
  readonly actual: unknown
  readonly expected: unknown
  readonly operator: string
  constructor(options: { message?: Message; actual?: unknown; expected?: unknown; operator: string }) {
    const { actual, expected, message, operator } = options
    super(message === undefined ? `${show(actual)} ${operator} ${show(expected)}` : String(message))
    this.name = "AssertionError"
    this.actual = actual
    this.expected = expected
    this.operator = operator
  }
}

const demand = (holds: boolean, options: ConstructorParameters<typeof AssertionError>[0]): void => {
  if (holds) return
  throw options.message instanceof Error ? options.message : new AssertionError(options)
}

const comparing =
  (operator: string, holds: (actual: any, expected: any) => boolean) =>
  (actual: unknown, expected: unknown, message?: Message): void =>
    demand(holds(actual, expected), { message, actual, expected, operator })

export const ok = (value: unknown, message?: Message): void =>
  demand(Boolean(value), {
    message: message ?? "The expression is not true",
    actual: value,
    expected: true,
    operator: "=="
  })

export const fail = (message?: Message): void => demand(false, { message: message ?? "Failed", operator: "fail" })

// loosely is as `==` means it, and Node
const loosely = (a: any, b: any) => a == b || (Number.isNaN(a) && Number.isNaN(b))

export const equal = comparing("==", loosely)
export const notEqual = comparing("!=", (a, b) => !loosely(a, b))
export const strictEqual = comparing("strictEqual", Object.is)
export const notStrictEqual = comparing("notStrictEqual", (a, b) => !Object.is(a, b))
export const deepEqual = comparing("deepEqual", (a, b) => same(a, b, false))
export const notDeepEqual = comparing("notDeepEqual", (a, b) => !same(a, b, false))
export const deepStrictEqual = comparing("deepStrictEqual", (a, b) => same(a, b, true))
export const notDeepStrictEqual = comparing("notDeepStrictEqual", (a, b) => !same(a, b, true))
export const match = comparing("match", (text, pattern) => pattern.test(text))
export const doesNotMatch = comparing("doesNotMatch", (text, pattern) => !pattern.test(text))

const fits = (error: any, expected: any): boolean => {
  if (expected === undefined || typeof expected === "string") return true
  if (expected instanceof RegExp) return expected.test(String(error))
  if (typeof expected === "function") {
    const isClass = expected.prototype !== undefined && error instanceof expected
    return isClass || (!Error.isPrototypeOf(expected) && expected !== Error && expected.call({}, error) === true)
  }
  return Object.entries(expected).every(([key, value]) =>
    value instanceof RegExp ? value.test(String(error[key])) : same(error[key], value, true)
  )
}

const caught = (run: () => unknown): { readonly error: unknown } | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    return { error }
  }
}

export const throws = (run: () => unknown, expected?: unknown, message?: Message): void => {
  const failed = caught(run)
  const said = typeof expected === "string" ? expected : message
  if (failed === undefined) return demand(false, { message: said ?? "Missing expected exception", operator: "throws" })
  if (!fits(failed.error, expected)) throw failed.error
}

export const doesNotThrow = (run: () => unknown, message?: Message): void => {
  const failed = caught(run)
  demand(failed === undefined, {
    message: message ?? `Got unwanted exception: ${failed?.error}`,
    operator: "doesNotThrow"
  })
}

const parts = {
  AssertionError,
  ok,
  fail,
  equal,
  notEqual,
  strictEqual,
  notStrictEqual,
  deepEqual,
  notDeepEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  match,
  doesNotMatch,
  throws,
  doesNotThrow
}
const assert = Object.assign((value: unknown, message?: Message) => ok(value, message), parts)
/** With names that compare loosely taken to mean what is strict. */
export const strict = Object.assign((value: unknown, message?: Message) => ok(value, message), parts, {
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual
})

export default Object.assign(assert, { strict })
