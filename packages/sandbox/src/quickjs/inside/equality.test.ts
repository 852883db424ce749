import { isDeepStrictEqual } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { same } from "./equality.ts"

const ring = (name: string): unknown => {
  const one: Record<string, unknown> = { name }
  one["self"] = one
  return one
}

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}

const values: ReadonlyArray<unknown> = [
  ...[0, -0, 1, Number.NaN, 1n, "1", "", true, null, undefined, Symbol.iterator, () => 1],
  ...[{}, [], [undefined], [1, 2], [2, 1], { a: undefined }, { b: undefined }, { a: 1 }, new Point(1), { x: 1 }],
  ...[new Date(0), new Date(1), new Date(Number.NaN), /a/, /a/g, new Error("a"), new TypeError("a"), new Error("b")],
  ...[new Map([[1, 2]]), new Map([[1, 3]]), new Map([[{ a: 1 }, 2]]), new Set([1, 2]), new Set([2, 1]), new Set([1])],
  ...[new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }]), new Set([{ a: 1 }, { a: 1 }])],
  ...[
    new Number(3),
    new Number(4),
    new String("3"),
    new Boolean(false),
    Object(1n),
    new ArrayBuffer(1),
    new ArrayBuffer(2)
  ],
  ...[new Uint8Array([1, 2]).buffer, new Uint8Array([1, 3]).buffer, /a/gi, /b/],
  ...[new Uint8Array([1, 2]), new Uint8Array([1, 3]), [[1, [2, { a: [] }]]], ring("a"), ring("b")]
]

const copy = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !(value instanceof Point) ? structuredClone(value) : value

describe("equality inside QuickJS", () => {
  it("is what Node means by it, of all kinds of values", () => {
    for (const a of values) {
      for (const b of values.map(copy))
        assert.strictEqual(same(a, b, true), isDeepStrictEqual(a, b), `${String(a)} ${String(b)}`)
    }
  })

  it.prop("is what Node means by it, of any data", [Schema.Json, Schema.Json], ([a, b]) => {
    assert.strictEqual(same(a, b, true), isDeepStrictEqual(a, b))
    assert.isTrue(same({ a, b }, JSON.parse(JSON.stringify({ a, b })), false))
  })

  it("is no equality of what shows nothing", () => {
    for (const one of [Promise.resolve(3), new WeakMap(), new WeakSet(), new Date(0), new Number(3), new Set(), /a/])
      assert.isFalse(same(one, {}, false))
    assert.isFalse(same(Promise.resolve(3), Promise.resolve(4), false))
  })

  it("loosely takes what == takes", () => {
    assert.isTrue(same({ a: [1, "2"] }, { a: ["1", 2] }, false))
    assert.isTrue(same(new Point(1), { x: 1 }, false))
    assert.isTrue(same([null], [undefined], false))
    assert.isFalse(same({ a: 1 }, { b: 1 }, false))
    assert.isFalse(same([1], { 0: 1 }, false))
  })
})
