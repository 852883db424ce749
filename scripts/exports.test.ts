import { assert, it } from "vitest"
import { exportsOf } from "./exports.ts"

const of = (...lines: ReadonlyArray<string>) => exportsOf("A.ts", lines.join("\n"))

it("an export has a docstring when one stands right before it", () => {
  const found = of(
    "/** The module. */",
    'import "x"',
    "/** A. */",
    "export const a = 1",
    "export const b = 2",
    "// C.",
    "export class C {}"
  )
  assert.deepStrictEqual(found, [
    { name: "a", documented: true },
    { name: "b", documented: false },
    { name: "C", documented: false }
  ])
})

it("one docstring serves a type and a value of one name and all overloads", () => {
  const found = of(
    "/** A. */",
    "export const A = 1",
    "export type A = typeof A",
    "/** F. */",
    "export function f(a: string): void",
    "export function f(a: number): void",
    "export function f() {}"
  )
  assert.deepStrictEqual(found, [
    { name: "A", documented: true },
    { name: "f", documented: true }
  ])
})

it("the docstring of a file is that of what it is called after", () => {
  assert.deepStrictEqual(of("/** What an A is. */", 'import "x"', "export interface A {}"), [
    { name: "A", documented: true }
  ])
  assert.deepStrictEqual(of('import "x"', "export interface A {}"), [{ name: "A", documented: false }])
})
