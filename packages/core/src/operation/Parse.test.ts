import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Parse from "./Parse.ts"

const Point = Schema.Struct({ x: Schema.Finite, y: Schema.Finite })

const read = (text: string) => Parse.json(Variable.constant(text, "reply"), Point, { role: "point" }).value

describe("Parse", () => {
  it("reads JSON alone, in a code fence, between words, and after a byte order mark", () => {
    const point = Result.succeed({ x: 1, y: 2 })
    assert.deepStrictEqual(read('{"x":1,"y":2}'), point)
    assert.deepStrictEqual(read('```json\n{"x":1,"y":2}\n```'), point)
    assert.deepStrictEqual(read('```\n{"x":1,"y":2}\n```\n'), point)
    assert.deepStrictEqual(read('Here you are: {"x":1,"y":2}. Anything else?'), point)
    assert.deepStrictEqual(read('\uFEFF{"x":1,"y":2}'), point)
  })

  it("reads lists and plain values too", () => {
    const list = Parse.json(Variable.constant("[1, 2]", "reply"), Schema.Array(Schema.Finite), { role: "list" })
    assert.deepStrictEqual(list.value, Result.succeed([1, 2]))
    const wrong = Parse.json(Variable.constant('[1, "two"]', "reply"), Schema.Array(Schema.Finite), { role: "list" })
    assert.include(Result.isFailure(wrong.value) && wrong.value.failure, "[1]")
  })

  it("says in words what is wrong: no JSON, a wrong field, too much", () => {
    const failure = (text: string) => {
      const result = read(text)
      return Result.isFailure(result) ? result.failure : "no failure"
    }
    assert.include(failure("I do not know."), "not JSON")
    assert.include(failure('{"x":1}'), "y")
    assert.include(failure('{"x":"one","y":2}'), "x")
    assert.include(failure(""), "not JSON")
  })

  it.effect("a text that cannot be read is no failure of the program but feedback on the text", () =>
    Effect.gen(function* () {
      const { text } = Parameters.make({ text: Parameter.text("x is one", { role: "reply" }) })
      const parsed = Parse.json(text, Point, { role: "point" })
      const [feedback, ...more] = (yield* Backward.run(parsed)).of(text)
      assert.deepStrictEqual(more, [])
      assert.isTrue(feedback !== undefined && Feedback.isCriticism(feedback))
      if (feedback === undefined || !Feedback.isCriticism(feedback)) return
      assert.include(feedback.text, "could not be read as point: not JSON")
      assert.deepInclude(feedback, { from: "point", score: 0 })
    })
  )

  it.effect("where it could be read, feedback passes through unchanged", () =>
    Effect.gen(function* () {
      const { text } = Parameters.make({ text: Parameter.text('{"x":1,"y":2}', { role: "reply" }) })
      const seed = [Feedback.make("too far left", { from: "judge" })]
      const gradients = yield* Backward.run(Parse.json(text, Point, { role: "point" }), { seed })
      assert.deepStrictEqual(gradients.of(text), seed)
    })
  )
})
