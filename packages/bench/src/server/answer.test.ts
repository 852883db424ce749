import { assert, describe, it } from "@effect/vitest"
import { answer, promptOf, schemaOf, tokens } from "./answer.ts"

const ask = (content: string, schema?: object) => ({
  messages: [{ content: "Be brief." }, { content }],
  ...(schema === undefined ? {} : { response_format: { json_schema: { schema } } })
})

describe("the loopback provider's replies", () => {
  it("are the same for the same prompt, other for another, and of the length of a short answer", () => {
    assert.strictEqual(answer(ask("a")), answer(ask("a")))
    assert.notStrictEqual(answer(ask("a")), answer(ask("b")))
    assert.strictEqual(tokens(answer(ask("a"))), 46)
  })

  it("are instances of the schema asked for, each of whose strings is an answer", () => {
    const schema = {
      type: "object",
      properties: {
        score: { type: "number", minimum: 0 },
        kind: { enum: ["small", "large"] },
        text: { $ref: "#/$defs/text" },
        list: { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } }
      },
      $defs: { text: { type: ["string", "null"] } }
    }
    const words = answer(ask("a"))
    assert.deepStrictEqual(JSON.parse(answer(ask("a", schema))), {
      score: 0,
      kind: "small",
      text: words,
      list: [words]
    })
  })

  it("wear the tag that TextGrad's optimizer looks for", () => {
    const said = answer(ask("Put it between <IMPROVED_VARIABLE> and </IMPROVED_VARIABLE>."))
    assert.match(said, /^<IMPROVED_VARIABLE>Reply .*<\/IMPROVED_VARIABLE>$/)
  })

  it("count words of messages as tokens in, and a schema apart", () => {
    const body = ask("12345678", { type: "object" })
    assert.strictEqual(promptOf(body), "Be brief.\n12345678")
    assert.deepStrictEqual(schemaOf(body), { type: "object" })
    assert.strictEqual(schemaOf(ask("a")), undefined)
  })
})
