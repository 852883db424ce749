import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Structured from "./Structured.ts"

const Edit = Schema.Struct({ value: Schema.String, changed: Schema.String })
const { read } = Structured.of("edit", Edit)
const edit = (value: string, changed = "c") => JSON.stringify({ value, changed })

const value = (reply: string) =>
  Result.match(read(reply), { onFailure: (why) => ({ why }), onSuccess: ({ value }) => value })

const refused = (reply: string, why: RegExp) => {
  const read = value(reply)
  assert.isObject(read, `taken as ${JSON.stringify(read)}`)
  assert.match((read as { readonly why: string }).why, why)
}

describe("the value that a reply states", () => {
  const stated: ReadonlyArray<readonly [string, string]> = [
    [
      "after thinking, whatever was drafted there",
      `<think>\nI could say ${edit("draft")}.\n</think>\n${edit("final")}`
    ],
    ["after thinking whose beginning the server dropped", `Say ${edit("draft")}?\n</think>\n\n${edit("final")}`],
    ["in a code fence after thinking", `<thinking>hm {</thinking>\n\`\`\`json\n${edit("final")}\n\`\`\``],
    ["twice, the same", `${edit("final")}\n\nThat is:\n\`\`\`json\n${edit("final")}\n\`\`\``],
    ["beside words with places in braces", `For {name} and {{ user.id }}:\n${edit("final")}\nDone, {name}.`]
  ]
  for (const [how, reply] of stated) it(`is read ${how}`, () => assert.strictEqual(value(reply), "final"))

  it("is read with all that looks like an end of it inside", () => {
    for (const text of ["</think>", "```\n{}\n```", `say ${edit("x")}`, "a\r\nb\u2028c\u200bd\uFEFF", '} ] " \\']) {
      assert.strictEqual(value(edit(text)), text)
      assert.strictEqual(value(`Here it is: ${edit(text)}`), text)
    }
  })

  const ambiguous: ReadonlyArray<readonly [string, string]> = [
    ["a draft and a final version", `Draft: ${edit("draft")}\nFinal: ${edit("final")}`],
    ["two code fences", `\`\`\`json\n${edit("a")}\n\`\`\`\nor\n\`\`\`json\n${edit("b")}\n\`\`\``],
    ["a whole one and half of another", `${edit("draft")}\nBetter: {"value":"fin`],
    ["a whole one inside half of another", `{"value":"Reply with ${edit("x")} always`],
    ["a whole one inside a broken one", `{"value":"Reply with ${edit("x")} always","changed":""}`],
    ["a whole one and a broken one", `{value: 'a', changed: ''}\n${edit("b")}`],
    ["one beside its schema", `{"type":"object"}\n${edit("a")}`],
    ["a list between words", `These: [${edit("a")}]`],
    ["a list in a fence", `\`\`\`json\n[${edit("a")}]\n\`\`\``],
    ["a draft in thinking that never ends", `<think>maybe ${edit("draft")}`],
    ["thinking that names the tag", `<think>I put it after </think> tags: ${edit("draft")} </think>\n${edit("final")}`],
    ["a key that stands twice", '{"value":"draft","changed":"","value":"final"}'],
    ["a key that stands twice between words", 'Sure: {"value":"draft","changed":"","value":"final"}'],
    ["one inside another object", `{"edit":${edit("a")}}`],
    ["JSON inside a JSON string", JSON.stringify(edit("a"))]
  ]
  for (const [what, reply] of ambiguous) it(`is not guessed at from ${what}`, () => refused(reply, /./))

  it("is refused with what is wrong with it, in one object between words too", () => {
    refused('Sure: {"value":"a"}', /changed/)
    refused(`${edit("a")} and ${edit("b")}`, /several objects/)
  })
})
