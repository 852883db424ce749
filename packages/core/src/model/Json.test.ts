import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import * as Json from "./Json.ts"

const failure = (text: string) => Result.match(Json.parse(text), { onFailure: (why) => why, onSuccess: () => "none" })

describe("strict JSON", () => {
  it.effect.prop("reads what JSON.stringify writes, with or without white space", [Schema.Json], ([value]) =>
    Effect.sync(() => {
      for (const space of [0, 2]) {
        const text = JSON.stringify(value, null, space)
        // "__proto__" is refused; -0 is written as 0
        if (!text.includes("__proto__")) {
          assert.deepStrictEqual(Json.parse(text), Result.succeed(JSON.parse(text) as unknown))
        }
      }
    })
  )

  // pieces of JSON in any order: now and then they are JSON
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"b"',
    '"\\',
    '"',
    "1",
    "-",
    "0",
    ".5",
    "e3",
    "true",
    "null",
    " ",
    "\n"
  ]
  it.effect.prop(
    "reads nothing that JSON.parse refuses, and refuses only what it says beyond that",
    [Schema.Array(Schema.Literals(pieces as [string, ...Array<string>]))],
    ([parts]) =>
      Effect.sync(() => {
        const text = parts.join("")
        const known = Result.try(() => JSON.parse(text) as unknown)
        const read = Json.parse(text)
        if (Result.isSuccess(read)) assert.deepStrictEqual(read.success, Result.getOrThrow(known))
        else if (Result.isSuccess(known)) assert.match(read.failure, /^not readable/)
      }),
    { arbitrary: { runs: 2000, size: 20 } }
  )

  it("says what is wrong", () => {
    assert.match(failure('{"a":1,"a":2}'), /"a" stands twice/)
    assert.match(failure('{"a":{"b":1,"b":1}}'), /"b" stands twice/)
    assert.match(failure('{"\\u0061":1,"a":2}'), /"a" stands twice/)
    assert.match(failure('{"__proto__":{}}'), /no key/)
    assert.match(failure("[".repeat(100_000)), /deeper/)
    assert.match(failure("1e999"), /too large/)
    assert.match(failure('{"a":"b'), /middle of a string/)
    assert.match(failure('{"a":'), /ends in the middle/)
    assert.match(failure('"a\nb"'), /line end/)
    assert.match(failure("{}{}"), /after its end/)
    for (const text of ["", "NaN", "{a:1}", "{'a':1}", '{"a":1,}', "[1,]", "01", "// a\n1", "undefined"]) {
      assert.match(failure(text), /^not JSON/)
    }
  })

  it("reads one value in a longer text, and says where it ends", () => {
    const text = 'see {"a":[1]}, then {}'
    assert.deepStrictEqual(Json.at(text, 4), Result.succeed({ value: { a: [1] }, end: 13 }))
  })

  it("does not slow down on what is never closed", () => {
    for (const text of ['{"a":['.repeat(90) + "1,".repeat(500_000), `"${"\\\\".repeat(500_000)}`]) {
      assert.match(failure(text), /^not JSON/)
    }
  })
})
