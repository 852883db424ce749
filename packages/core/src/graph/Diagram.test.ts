import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { stopGradient } from "../operation/Operation.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Diagram from "./Diagram.ts"
import * as Feedback from "./Feedback.ts"
import * as Graph from "./Graph.ts"
import { fromBytes, fromUrl } from "./Image.ts"
import * as Snapshot from "./Snapshot.ts"
import * as Variable from "./Variable.ts"

const operation = (name: string, role: string, value: unknown, ...inputs: ReadonlyArray<Variable.Any>) =>
  Variable.applied<unknown, any>({ name, role, value, inputs, pullback: () => assert.fail("only drawn") })

const { instructions } = Parameters.make({ instructions: Parameter.text("Answer.", { role: "system prompt" }) })
const question = Variable.constant("2 + 2?", "question")
const answer = operation("Generate", "answer", "five", instructions, question)
const loss = operation("Loss", "judgement", "It is four.", answer)

const draw = (...roots: ReadonlyArray<Variable.Any>) => Snapshot.of(Graph.make(roots))
const only = (value: unknown, role = "value") => draw(Variable.constant(value, role))

/** The label of the first node as a reader of the picture sees it: as the two tools decode it. */
const mermaidLabel = (text: string): string => {
  const label = /^ {2}n0\["([^"]*)"\]$/m.exec(text)?.[1]
  assert.isDefined(label, text)
  return label!.replaceAll("<br/>", "\n").replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}
const dotLabel = (text: string): string => {
  const label = /^ {2}n0 \[label="((?:[^"\\]|\\.)*)", shape/m.exec(text)?.[1]
  assert.isDefined(label, text)
  return label!.replaceAll(/\\(.)/g, (_, sign) => (sign === "n" ? "\n" : sign)).replaceAll("&amp;", "&")
}
const unwrapped = (text: string) => text.replaceAll(/\s/g, "")

const hostile = [
  'He said "no"',
  "<script>alert(1)</script>",
  "a & b &amp; c &lt;",
  "`code` and `` more ``",
  "back\\slash \\n \\",
  '%%{init: {"securityLevel":"loose"}}%%',
  "%% a comment",
  "end",
  "style n0 fill:#fff;",
  "classDef a:#fff;",
  "#35; #quot; #",
  "ﬂ°°34¶ß ß",
  "[a](b) {c} |d| n1 --> n2; ]",
  "1. one",
  "- one",
  "日本語 é 😀 ع"
]

describe("Diagram", () => {
  it("draws a graph as a Mermaid flowchart", () => {
    assert.strictEqual(
      Diagram.mermaid(draw(loss)),
      `flowchart TD
  n0(["instructions#58; system prompt<br/>Answer."])
  n1["question<br/>2 + 2?"]
  n2("Generate#58; answer<br/>five")
  n3{{"Loss#58; judgement<br/>It is four."}}
  n0 --> n2
  n1 --> n2
  n2 --> n3
  classDef parameter fill:#dbeafe,stroke:#2563eb,color:#18181b
  class n0 parameter
  classDef constant fill:#f4f4f5,stroke:#a1a1aa,color:#18181b
  class n1 constant
  classDef operation fill:#ffffff,stroke:#52525b,color:#18181b
  class n2 operation
  classDef loss fill:#fee2e2,stroke:#dc2626,color:#18181b
  class n3 loss
`
    )
  })

  it("draws a graph as a GraphViz digraph", () => {
    assert.strictEqual(
      Diagram.dot(draw(loss)),
      `digraph {
  rankdir=TB
  node [fontname="Helvetica", fontsize=11]
  n0 [label="instructions: system prompt\\nAnswer.", shape=box, style="filled,rounded,bold", fillcolor="#dbeafe", color="#2563eb"]
  n1 [label="question\\n2 + 2?", shape=box, style="filled", fillcolor="#f4f4f5", color="#a1a1aa"]
  n2 [label="Generate: answer\\nfive", shape=box, style="filled,rounded", fillcolor="#ffffff", color="#52525b"]
  n3 [label="Loss: judgement\\nIt is four.", shape=hexagon, style="filled", fillcolor="#fee2e2", color="#dc2626"]
  n0 -> n2
  n1 -> n2
  n2 -> n3
}
`
    )
  })

  it("runs from left to right where asked", () => {
    assert.match(Diagram.mermaid(draw(loss), { direction: "right" }), /^flowchart LR\n/)
    assert.include(Diagram.dot(draw(loss), { direction: "right" }), "rankdir=LR")
  })

  it("draws one arrow for each input slot, and dashes where no feedback flows back", () => {
    const twice = draw(operation("Concat", "pair", "a", question, question, stopGradient(question)))
    assert.strictEqual(Diagram.mermaid(twice).match(/n0 --> n2/g)?.length, 2)
    assert.include(Diagram.mermaid(twice), "n0 -.-> n1")
    assert.strictEqual(Diagram.dot(twice).match(/n0 -> n2/g)?.length, 2)
    assert.include(Diagram.dot(twice), "n0 -> n1 [style=dashed]")
  })

  it("hangs feedback on its variable on request only, without the seed of the pass", () => {
    const said = new Map<Variable.Any, ReadonlyArray<Feedback.Feedback>>([
      [loss, [Feedback.objective]],
      [answer, [Feedback.make("Count again.", { from: "judgement", score: 1 / 3 })]]
    ])
    const snapshot = Snapshot.of(Graph.make(loss), (variable) => said.get(variable) ?? [])
    assert.strictEqual(Diagram.mermaid(snapshot), Diagram.mermaid(draw(loss)))
    assert.include(
      Diagram.mermaid(snapshot, { feedback: true }),
      '  f2>"from judgement (0.333)#58;<br/>Count again."]\n'
    )
    assert.include(Diagram.mermaid(snapshot, { feedback: true }), "\n  f2 -.-> n2\n")
    assert.include(Diagram.dot(snapshot, { feedback: true }), '  f2 [label="from judgement (0.333):\\nCount again."')
    assert.include(Diagram.dot(snapshot, { feedback: true }), "\n  f2 -> n2 [style=dashed]\n")
    assert.notInclude(Diagram.dot(snapshot, { feedback: true }), "f3")
  })

  it("shortens values to the limit and says how long they were, never through the middle of a character", () => {
    const shown = (value: string, limit: number) => mermaidLabel(Diagram.mermaid(only(value, "r"), { limit }))
    assert.strictEqual(shown("abcdef", 6), "r\nabcdef")
    assert.strictEqual(shown("abcdefg", 6), "r\nabcdef… (7 characters)")
    assert.strictEqual(shown("😀😀😀", 2), "r\n😀😀… (6 characters)")
    assert.strictEqual(shown("😀😀", 2), "r\n😀😀")
    assert.isBelow(Diagram.dot(only("x".repeat(1_000_000))).length, 500)
  })

  it("shows structured values as JSON and images as their place", () => {
    const label = (value: unknown) => mermaidLabel(Diagram.mermaid(only(value, "r")))
    assert.strictEqual(label({ a: [1, "b"] }), 'r\n{"a":[1,"b"]}')
    assert.strictEqual(label(fromUrl("https://example.org/a.png")), "r\n[image https://example.org/a.png]")
    assert.strictEqual(label(fromBytes(new Uint8Array([1]), "image/png")), "r\n[image image/png]")
  })

  for (const text of hostile) {
    it(`keeps ${JSON.stringify(text)} inside its label`, () => {
      assert.strictEqual(mermaidLabel(Diagram.mermaid(only(text, text))), `${text}\n${text}`)
      assert.strictEqual(dotLabel(Diagram.dot(only(text, text))), `${text}\n${text}`)
    })
  }

  it("leaves no way out of a Mermaid label: no markup, directive, comment or style reaches the tool", () => {
    const drawn = Diagram.mermaid(only(hostile.join("\n"), hostile.join(" ")), { limit: 10_000 })
    const labels = drawn.split("\n").filter((line) => line.startsWith("  n0["))
    assert.strictEqual(labels.length, 1)
    assert.match(labels[0]!.replaceAll(/#\d+;|<br\/>/g, ""), /^ {2}n0\["[^"<>&`%{}|:;#\\[\]_*~]*"\]$/)
  })

  it("replaces characters that no picture can show", () => {
    assert.strictEqual(mermaidLabel(Diagram.mermaid(only("a\u0000b\tc\uD800", "r"))), "r\na\uFFFDb  c\uFFFD")
    assert.strictEqual(dotLabel(Diagram.dot(only("a\u0000b\tc\uD800", "r"))), "r\na\uFFFDb  c\uFFFD")
  })

  it.prop(
    "labels read back as what was drawn, whatever it is",
    [Schema.String, Schema.String],
    ([role, value]) => {
      const seen = (text: string) =>
        text
          .replaceAll("\t", "  ")
          .replaceAll(/\r\n|[\r\u2028\u2029]/g, "\n")
          .replaceAll(/[\p{Cc}\p{Cs}]/gu, (sign) => (sign === "\n" ? sign : "\uFFFD"))
      const expected = `${seen(role)}\n${seen(value)}`
      const limit = 10_000
      assert.strictEqual(mermaidLabel(Diagram.mermaid(only(value, role), { limit })), expected)
      assert.strictEqual(unwrapped(dotLabel(Diagram.dot(only(value, role), { limit }))), unwrapped(expected))
    },
    { arbitrary: { runs: 300 } }
  )
})
