import { Blueprint, Generators, Tagged } from "@backprose/testing"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Effect } from "effect"
import type { BackwardModel } from "../model/TextModel.ts"
import * as Combine from "../operation/Combine.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Graph from "./Graph.ts"
import * as Image from "./Image.ts"
import * as Variable from "./Variable.ts"

const { p } = Parameters.make({ p: Parameter.text("start", { role: "a parameter" }) })
const c = Variable.constant("given", "a constant")

describe("the graph behind a variable", () => {
  it("is the variable alone where it came from nothing", () => {
    assert.deepStrictEqual(Graph.make(p), { nodes: [p], inputs: [[]], roots: [0] })
  })

  it("has each variable once, inputs first, and an index for every slot", () => {
    const both = Combine.all([p, c, p], "both")
    const again = Combine.all<unknown, never>([both, c], "again")
    const graph = Graph.make<never>(again)
    assert.deepStrictEqual<ReadonlyArray<Variable.Any>>(graph.nodes, [p, c, both, again])
    assert.deepStrictEqual(graph.inputs, [[], [], [0, 1, 0], [2, 1]])
    assert.deepStrictEqual(Graph.parameters(graph), [p])
    assert.strictEqual(Graph.edges(graph), 5)
  })

  it("knows its roots, also where they repeat or lie inside each other", () => {
    const inner = Combine.all([p], "inner")
    const outer = Combine.all([inner], "outer")
    const graph = Graph.make<never>([outer, inner, outer])
    assert.deepStrictEqual<ReadonlyArray<Variable.Any>>(graph.nodes, [p, inner, outer])
    assert.deepStrictEqual(graph.roots, [2, 1, 2])
    assert.deepStrictEqual(Graph.make([]), { nodes: [], inputs: [], roots: [] })
  })

  it.effect.prop(
    "holds exactly what the roots depend on, in depth-first order, over generated graphs",
    [Generators.blueprints({ nodes: 20 })],
    ([blueprint]) =>
      Effect.sync(() => {
        const { roots, variables } = Tagged.build(blueprint)
        const graph = Graph.make(roots)
        const order = Blueprint.order(blueprint)
        assert.deepStrictEqual(
          graph.nodes.map((node) => variables.indexOf(node)),
          order
        )
        graph.inputs.forEach((inputs, i) => {
          assert.isTrue(inputs.every((input) => input < i))
          assert.deepStrictEqual(
            inputs.map((input) => order[input]!),
            blueprint.steps[order[i]!]!.inputs
          )
        })
        assert.deepStrictEqual(
          graph.roots.map((root) => order[root]!),
          blueprint.roots
        )
      }),
    { arbitrary: { runs: 300 } }
  )

  it("of a chain of 100,000 has 100,001 nodes", () => {
    let last: Variable.Variable<unknown> = p
    for (let i = 0; i < 100_000; i++) last = Combine.all([last], "link")
    assert.strictEqual(Graph.make(last).nodes.length, 100_001)
  })

  it("carries what differentiating it needs in its type", () => {
    const variable = {} as Variable.Variable<string, BackwardModel>
    expectTypeOf(Graph.make<BackwardModel>).returns.toEqualTypeOf<Graph.Graph<BackwardModel>>()
    expectTypeOf<Variable.Services<typeof variable>>().toEqualTypeOf<BackwardModel>()
    expectTypeOf<Variable.Value<typeof variable>>().toEqualTypeOf<string>()
  })
})

describe("a variable", () => {
  it("is shown as text: strings as they are, the rest as JSON", () => {
    assert.strictEqual(Variable.render("a\nb"), "a\nb")
    assert.strictEqual(Variable.render({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}')
    assert.strictEqual(Variable.render(null), "null")
  })

  it("under another role is another variable with the same value and origin", () => {
    const renamed = Variable.withRole(p, "another role")
    assert.deepStrictEqual([renamed.value, renamed.role, renamed.origin], [p.value, "another role", p.origin])
    assert.strictEqual(p.role, "a parameter")
  })

  it("knows the name of a parameter, and what is a variable at all", () => {
    assert.strictEqual(Variable.parameterName(p), "p")
    assert.isUndefined(Variable.parameterName(c))
    assert.isTrue(Variable.isVariable(p))
    for (const other of [null, undefined, "text", {}, { value: 1, role: "x" }, { parts: [] }]) {
      assert.isFalse(Variable.isVariable(other))
    }
  })
})

describe("an image", () => {
  it("is a value by URL or by its bytes, and a part of a message", () => {
    assert.deepStrictEqual(Image.fromUrl("https://example.org/a.png").part, {
      type: "image",
      mediaType: "image/*",
      url: "https://example.org/a.png"
    })
    const bytes = Image.fromBytes(new Uint8Array([255, 0]), "image/jpeg")
    assert.strictEqual(bytes.url, "data:image/jpeg;base64,/wA=")
    assert.isTrue(Image.isImage(bytes))
    assert.isFalse(Image.isImage({ mediaType: "image/png", url: "x" }))
  })
})
