import {
  Backward,
  Fence,
  GradientMap,
  Image,
  Message,
  Parameter,
  Parameters,
  SelfCritique,
  Variable
} from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

const question = Variable.constant("Which is a metal? (A) {iron} (B) $x_{2}$", "question")
const { answer } = Parameters.make({ answer: Parameter.text("(B), since …", { role: "answer" }) })
const asked = Effect.flatMap(ScriptedModel, (model) => model.requests)

describe("SelfCritique.question", () => {
  it.effect("asks the judge to doubt the answer to the question, and tells the answer what it said", () =>
    Effect.gen(function* () {
      const loss = yield* SelfCritique.question(question, answer)
      const gradients = yield* Backward.run(loss)
      assert.deepStrictEqual(
        GradientMap.criticism(gradients, answer).map(({ text }) => text),
        ["Iron was overlooked."]
      )
      const requests = yield* asked
      assert.strictEqual(requests.length, 1)
      assert.strictEqual(requests[0]!.purpose, "judge")
      const texts = requests[0]!.messages.map(Message.text)
      const [system, user] = [texts[0], texts.at(-1)]
      assert.include(system, "Do not solve the question yourself")
      assert.deepStrictEqual(user!.split("\n\n").map(Fence.extract), [question.value, answer.value])
    }).pipe(Effect.provide(ScriptedModel.layer(["Iron was overlooked."])))
  )

  it.effect("takes another instruction as it is, braces and all", () =>
    Effect.gen(function* () {
      yield* SelfCritique.question(question, answer, 'Reply as {"doubt": "…"} about {answer}.')
      const [request] = yield* asked
      assert.include(Message.text(request!.messages[0]!), 'Reply as {"doubt": "…"} about {answer}.')
    }).pipe(Effect.provide(ScriptedModel.layer(["{}"])))
  )
})

describe("SelfCritique.imageQuestion", () => {
  it.effect("shows the judge question, image and answer, and the image as an image", () =>
    Effect.gen(function* () {
      const image = Image.fromBytes(new Uint8Array([1, 2, 3]), "image/png")
      const loss = yield* SelfCritique.imageQuestion(question, Variable.constant(image, "photograph"), answer)
      const [request] = yield* asked
      const content = request!.messages.at(-1)!.content
      assert.isTrue(Array.isArray(content))
      const [words, picture, ...rest] = content as ReadonlyArray<Message.Part>
      assert.deepStrictEqual(rest, [])
      assert.deepStrictEqual(picture, image.part)
      const labels = words?.type === "text" ? words.text.split("\n\n").map((field) => field.split(":\n")[0]) : []
      assert.deepStrictEqual(labels, ['"question"', '"image"', '"answer"'])
      const gradients = yield* Backward.run(loss)
      assert.strictEqual(GradientMap.criticism(gradients, answer).length, 1)
    }).pipe(Effect.provide(ScriptedModel.layer(["The sign says 30."])))
  )
})
