import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Generate from "../generate/Generate.ts"
import * as Loss from "../loss/Loss.ts"
import { concat } from "../operation/Combine.ts"
import { stopGradient } from "../operation/Operation.ts"
import * as Template from "../operation/Template.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Graph from "./Graph.ts"
import { fromUrl } from "./Image.ts"
import * as Snapshot from "./Snapshot.ts"
import * as Variable from "./Variable.ts"

const parameters = Parameters.make({
  solver: { instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" }) }
})

const { criticism } = Replies

const program = Effect.gen(function* () {
  const question = Variable.constant("What is 2 + 2?", "question")
  const answer = yield* Generate.text({
    system: parameters.solver.instructions,
    prompt: Template.make`Question: ${question}`,
    role: "answer"
  })
  return yield* Loss.text("Is it right?")(answer)
})

const snapshotOf = (value: unknown): Snapshot.Value =>
  Snapshot.of(Graph.make(Variable.constant(value, "value"))).nodes[0]!.value

/** A graph from generated data: node `i` takes its inputs from the nodes before it. */
const build = (nodes: ReadonlyArray<{ value: unknown; role: string; inputs: ReadonlyArray<number> }>) => {
  const made: Array<Variable.Any> = []
  nodes.forEach(({ value, role, inputs }, i) => {
    const from = i === 0 ? [] : inputs.map((input) => made[input % i]!)
    made.push(
      from.length === 0
        ? Variable.constant(value, role)
        : Variable.applied({ value, role, name: "Op", inputs: from, pullback: undefined })
    )
  })
  return Graph.make(made)
}

const Nodes = Schema.Array(
  Schema.Struct({
    value: Schema.Unknown,
    role: Schema.String,
    inputs: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))).check(Schema.isMaxLength(4))
  })
).check(Schema.isMaxLength(12))

const codec = Schema.toCodecJson(Snapshot.Snapshot)
const roundTrip = (snapshot: Snapshot.Snapshot) =>
  Effect.map(Schema.encodeEffect(codec)(snapshot), (json) => JSON.parse(JSON.stringify(json)) as unknown).pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(codec))
  )

describe("Snapshot", () => {
  it.effect("lists every variable after its inputs, with kind, name, role and value", () =>
    Effect.gen(function* () {
      const loss = yield* program
      const snapshot = Snapshot.of(Graph.make(loss))
      assert.deepStrictEqual(snapshot, {
        version: 1,
        nodes: [
          {
            kind: "parameter",
            name: "solver.instructions",
            role: "system prompt of the solver",
            value: { _tag: "Text", text: "Answer the question." },
            inputs: []
          },
          { kind: "constant", role: "question", value: { _tag: "Text", text: "What is 2 + 2?" }, inputs: [] },
          {
            kind: "operation",
            name: "Generate",
            role: "answer",
            value: { _tag: "Text", text: "five" },
            inputs: [0, 1]
          },
          {
            kind: "operation",
            name: "Loss",
            role: "judgement",
            value: { _tag: "Text", text: "It is four." },
            inputs: [2]
          }
        ],
        roots: [3]
      })
    }).pipe(Effect.provide(ScriptedModel.layer(["five", "It is four."])))
  )

  it("keeps a variable that is used twice as one node with two input slots", () => {
    const word = Variable.constant("no", "word")
    const both = concat([word, word], { role: "twice" })
    const { nodes, roots } = Snapshot.of(Graph.make([both, word]))
    assert.deepStrictEqual(
      nodes.map(({ inputs }) => inputs),
      [[], [0, 0]]
    )
    assert.deepStrictEqual(roots, [1, 0])
  })

  it("says where no feedback flows back", () => {
    const { nodes } = Snapshot.of(Graph.make(stopGradient(Variable.constant("a", "text"))))
    assert.deepStrictEqual(
      nodes.map(({ differentiable }) => differentiable),
      [undefined, false]
    )
  })

  it("keeps texts, JSON and images as what they are, whole", () => {
    const long = "x".repeat(1_000_000)
    assert.deepStrictEqual(snapshotOf(long), { _tag: "Text", text: long })
    assert.deepStrictEqual(snapshotOf({ a: [1, null, "b"] }), { _tag: "Json", json: { a: [1, null, "b"] } })
    assert.deepStrictEqual(snapshotOf(fromUrl("https://example.org/a.png", "image/png")), {
      _tag: "Image",
      mediaType: "image/png",
      url: "https://example.org/a.png"
    })
  })

  it("shows what is no JSON as a text", () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const texts = [Number.NaN, undefined, 12n, new Map([["a", 1]]), new Date(0), cycle].map(snapshotOf)
    assert.deepStrictEqual(
      texts.map((value) => (value._tag === "Opaque" ? value.text : value)),
      ["NaN", "undefined", "12n", 'Map([["a",1]])', "1970-01-01T00:00:00.000Z", '{"self":[Circular]}']
    )
  })

  it("writes a parameter as the JSON of its schema", () => {
    const { since } = Parameters.make({ since: Parameter.schema(Schema.Date, new Date(0), { role: "start" }) })
    assert.deepStrictEqual(Snapshot.of(Graph.make(since)).nodes[0]!.value, {
      _tag: "Text",
      text: "1970-01-01T00:00:00.000Z"
    })
  })

  it.effect("holds the feedback of a backward pass, and nothing where nothing was said", () =>
    Effect.gen(function* () {
      const loss = yield* program
      const gradients = yield* Backward.run(loss)
      const { nodes } = Snapshot.of(Graph.make(loss), gradients.of)
      assert.deepStrictEqual(
        nodes.map(({ feedback }) => feedback?.map((one) => (one._tag === "Criticism" ? one.text : one._tag))),
        [["Ask for arithmetic."], undefined, ["It is four."], ["Objective"]]
      )
      assert.isFalse("feedback" in nodes[1]!)
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          forward: ["five"],
          judge: ["It is four."],
          backward: [criticism("Ask for arithmetic.")]
        })
      )
    )
  )

  it.effect("is the same for two forward passes with the same replies, and backward changes neither", () =>
    Effect.gen(function* () {
      const first = yield* program
      const second = yield* program
      const before = Snapshot.of(Graph.make(first))
      assert.isTrue(Snapshot.equals(before, Snapshot.of(Graph.make(second))))
      yield* Backward.run([first, second])
      assert.isTrue(Snapshot.equals(before, Snapshot.of(Graph.make(first))))
    }).pipe(
      Effect.provide(
        ScriptedModel.respond((request) => {
          if (request.purpose === "forward") return "five"
          return request.purpose === "judge" ? "It is four." : criticism("Ask for arithmetic.")(request)
        })
      )
    )
  )

  it("tells graphs apart by one value, by one role and by what they share", () => {
    const word = (text: string, role = "word") => Variable.constant(text, role)
    const pair = (a: Variable.Variable<string>, b: Variable.Variable<string>) =>
      Snapshot.of(Graph.make(concat([a, b], { role: "pair" })))
    const one = word("a")
    const shared = pair(one, one)
    assert.isTrue(Snapshot.equals(shared, pair(one, one)))
    assert.isFalse(Snapshot.equals(shared, pair(one, word("a"))))
    assert.isFalse(Snapshot.equals(pair(one, word("a")), pair(one, word("b"))))
    assert.isFalse(Snapshot.equals(pair(one, word("a")), pair(one, word("a", "other"))))
  })

  it.effect.prop(
    "survives JSON whatever the values are",
    [Nodes],
    ([nodes]) =>
      Effect.gen(function* () {
        const snapshot = Snapshot.of(build(nodes))
        const back = yield* roundTrip(snapshot)
        assert.isTrue(Snapshot.equals(snapshot, Snapshot.of(build(nodes))))
        assert.deepStrictEqual(back, JSON.parse(JSON.stringify(snapshot)))
        assert.isTrue(Snapshot.equals(back, yield* roundTrip(back)))
      }),
    { arbitrary: { runs: 200 } }
  )

  it.effect("refuses stored data that is no graph", () =>
    Effect.gen(function* () {
      const node = (inputs: ReadonlyArray<number>) => ({
        kind: "constant",
        role: "r",
        value: { _tag: "Text", text: "" },
        inputs
      })
      const problem = (data: unknown) => Effect.map(Effect.flip(Schema.decodeUnknownEffect(codec)(data)), String)
      assert.include(yield* problem({ version: 2, nodes: [], roots: [] }), "version")
      assert.include(yield* problem({ version: 1, nodes: [node([]), node([1])], roots: [] }), "node 1 has an input")
      assert.include(yield* problem({ version: 1, nodes: [node([])], roots: [1] }), "there is no node 1")
    })
  )

  it("takes a chain of 100,000 operations", () => {
    const chain = () => {
      let last: Variable.Variable<number> = Variable.constant(0, "start")
      for (let i = 1; i <= 100_000; i++) {
        last = Variable.applied<number, never>({
          value: i,
          role: "next",
          name: "Add",
          inputs: [last],
          pullback: undefined
        })
      }
      return Snapshot.of(Graph.make(last))
    }
    const snapshot = chain()
    assert.strictEqual(snapshot.nodes.length, 100_001)
    assert.isTrue(Snapshot.equals(snapshot, chain()))
  })
})
