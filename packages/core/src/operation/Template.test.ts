import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Image from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Template from "./Template.ts"

const question = Variable.constant("What is 2 + 2?", "question")
const settings = Variable.constant({ digits: 2 }, "settings")
const { style } = Parameters.make({ style: Parameter.text("Be brief.", { role: "style" }) })

const criticism =
  (variable: Variable.Any) => (gradients: { of: (v: Variable.Any) => ReadonlyArray<Feedback.Feedback> }) =>
    gradients.of(variable).map((one) => (Feedback.isCriticism(one) ? one.text : "objective"))

describe("Template", () => {
  it("puts the values of its slots into the text: texts as they are, the rest as JSON", () => {
    assert.strictEqual(
      Template.render(Template.make`Q: ${question}\nWith ${settings}, in ${3} words${"!"}`),
      'Q: What is 2 + 2?\nWith {\n  "digits": 2\n}, in 3 words!'
    )
  })

  it("keeps templates inside templates as their parts", () => {
    const inner = Template.make`[${question}]`
    const outer = Template.make`<${inner}${inner}>`
    assert.strictEqual(Template.render(outer), "<[What is 2 + 2?][What is 2 + 2?]>")
    assert.deepStrictEqual(Template.variables(outer), [question])
  })

  it("lists each variable once, in the order of the slots", () => {
    assert.deepStrictEqual(Template.variables(Template.make`${style} ${question} ${style}`), [style, question])
    assert.deepStrictEqual(Template.variables(Template.make`no slots`), [])
  })

  it("takes a variable or a text in place of a template", () => {
    assert.strictEqual(Template.render(Template.from(question)), "What is 2 + 2?")
    assert.strictEqual(Template.render(Template.from("as it is")), "as it is")
    const made = Template.make`${question}`
    assert.strictEqual(Template.from(made), made)
  })

  it("shows a slot as a caller wants it", () => {
    const text = Template.render(Template.make`${style} and ${question}`, ({ role }) => `{${role}}`)
    assert.strictEqual(text, "{style} and {question}")
  })

  it("never reads a value as a template: what looks like a slot in it stays as it is", () => {
    const tricky = Variable.constant("${style} $& $1 {{question}} `", "tricky")
    assert.strictEqual(Template.render(Template.make`a ${tricky} b`), "a ${style} $& $1 {{question}} ` b")
  })

  it("sends images as parts of the message, in their places", () => {
    const image = Variable.constant(Image.fromBytes(new Uint8Array([1, 2, 3]), "image/png"), "picture")
    const content = Template.content(Template.make`Look: ${image} What is ${question}`)
    assert.deepStrictEqual(content, [
      { type: "text", text: "Look: " },
      { type: "image", mediaType: "image/png", url: "data:image/png;base64,AQID" },
      { type: "text", text: " What is " },
      { type: "text", text: "What is 2 + 2?" }
    ])
    assert.strictEqual(Template.render(Template.make`Look: ${image}`), "Look: [image]")
    assert.strictEqual(Template.content(Template.make`No image: ${question}`), "No image: What is 2 + 2?")
  })
})

describe("a filled template in the graph", () => {
  it.effect("has the text as its value and each variable as one input", () =>
    Effect.gen(function* () {
      const filled = yield* Template.fill(Template.make`${style}\n${question}\n${style}`, "prompt")
      assert.strictEqual(filled.value, "Be brief.\nWhat is 2 + 2?\nBe brief.")
      assert.deepStrictEqual(filled.origin._tag === "Operation" && filled.origin.inputs, [style, question])
    })
  )

  it.effect("passes feedback to a variable in two slots once, with the text around both places", () =>
    Effect.gen(function* () {
      const filled = yield* Template.fill(Template.make`${style}\n${question}\n${style}`, "prompt")
      const seed = [Feedback.make("too long", { from: "judge", score: 0.25 })]
      const gradients = yield* Backward.run(filled, { seed })
      const [text, ...more] = criticism(style)(gradients)
      assert.deepStrictEqual(more, [])
      assert.include(text, "too long")
      assert.include(text, "[HERE]\nWhat is 2 + 2?\n[HERE]")
      assert.notInclude(text, "Be brief.")
      assert.deepInclude(gradients.of(style)[0], { from: "judge", score: 0.25 })
    })
  )

  it.effect("passes the objective on as it is", () =>
    Effect.gen(function* () {
      const filled = yield* Template.fill(Template.make`${style}`, "prompt")
      assert.deepStrictEqual(criticism(style)(yield* Backward.run(filled)), ["objective"])
    })
  )

  it.effect("shows an image beside the slot as its place, not as its bytes", () =>
    Effect.gen(function* () {
      const image = Variable.constant(Image.fromBytes(new Uint8Array(300), "image/png"), "picture")
      const filled = yield* Template.fill(Template.make`${style} ${image}`, "prompt")
      const gradients = yield* Backward.run(filled, { seed: [Feedback.make("too long", { from: "judge" })] })
      assert.include(criticism(style)(gradients)[0], "[HERE] [image]")
    })
  )
})
