import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Feedback from "../graph/Feedback.ts"
import * as Image from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import type * as Request from "../model/Request.ts"
import { CritiquePrompt, criticismOf } from "../prompts/Critique.ts"
import * as Critic from "./Critic.ts"

const system = Variable.constant("Answer in one word.", "instructions of the solver")
const question = Variable.constant("Which city?", "question")
const hint = Variable.constant({ country: "France" }, "hint")

const call: Critic.Case = {
  operation: (show) => [
    { title: "System prompt", text: show(system) },
    { title: "Prompt", text: `Q: ${show(question)} Hint: ${show(hint)}` }
  ],
  inputs: [system, question, hint],
  images: [],
  output: "Lyon",
  outputRole: "answer"
}
const feedback = [
  Feedback.make("The answer should be Paris.", { from: "check", score: 0.25 }),
  Feedback.make("Only one word, please.", { from: "style check", score: 0.5, weight: 2 })
]

const requests = Effect.flatMap(ScriptedModel, (model) => model.requests)
const prompt = ({ messages }: Request.Request) => Message.text(messages.at(-1)!)

/** Says something else about each input, in whichever form it is asked. */
const critic = ScriptedModel.respond((request) => {
  const [first, ...more] = Replies.criticised(request).map((key) => `on ${key}`)
  if (first !== undefined) return Replies.criticism(first, ...more)(request)
  const [, id] = /what does (input\d+), used/.exec(prompt(request)) ?? []
  return `on ${criticismOf(id!)}`
})

const texts = (given: ReadonlyArray<ReadonlyArray<Feedback.Feedback>>) =>
  given.map((all) => all.map((one) => (Feedback.isCriticism(one) ? one.text : "objective")))

describe("the critic asked about all inputs at once", () => {
  it.effect("is asked one structured question, about the wanted inputs only", () =>
    Effect.gen(function* () {
      const given = yield* Critic.criticise(call, feedback, [true, false, true])
      assert.deepStrictEqual(texts(given), [["on input1_lacks"], [], ["on input3_lacks"]])
      const [request, ...more] = yield* requests
      assert.deepStrictEqual(more, [])
      assert.strictEqual(request!.purpose, "backward")
      assert.deepStrictEqual(Replies.criticised(request!), ["input1_lacks", "input3_lacks"])
      assert.notInclude(prompt(request!), "what does input2")
    }).pipe(Effect.provide(critic))
  )

  it.effect(
    "sees the whole call: every input whole, also those it is not asked about, the output and all feedback",
    () =>
      Effect.gen(function* () {
        yield* Critic.criticise(call, feedback, [true, false, false])
        const text = prompt((yield* requests)[0]!)
        for (const part of [
          "Answer in one word.",
          "Which city?",
          '"country": "France"',
          "Lyon",
          "The answer should be Paris.",
          "Only one word, please.",
          "0.25",
          "weight 2",
          "instructions of the solver"
        ]) {
          assert.include(text, part)
        }
      }).pipe(Effect.provide(critic))
  )

  it.effect("signs with the role of the output and the worst score it was shown", () =>
    Effect.gen(function* () {
      const [[first]] = (yield* Critic.criticise(call, feedback, [true, false, false])) as [[Feedback.Feedback]]
      assert.deepInclude(first, { from: "answer", score: 0.25 })
    }).pipe(Effect.provide(critic))
  )

  it.effect("trims what it says, and gives nothing where it says nothing", () =>
    Effect.gen(function* () {
      const given = yield* Critic.criticise(call, feedback, [true, true, true])
      assert.deepStrictEqual(texts(given), [["more"], [], []])
    }).pipe(Effect.provide(ScriptedModel.layer([Replies.criticism("\n more ", "", " \n")])))
  )
})

describe("the critic asked about each input by itself", () => {
  const perInput = Effect.provide(Layer.merge(critic, Critic.layerPerInput))

  it.effect("is asked one question an input, about the wanted inputs only, and gives the same", () =>
    Effect.gen(function* () {
      const given = yield* Critic.criticise(call, feedback, [true, false, true])
      assert.deepStrictEqual(texts(given), [["on input1_lacks"], [], ["on input3_lacks"]])
      const asked = yield* requests
      assert.strictEqual(asked.length, 2)
      assert.isTrue(asked.every(({ output }) => output === undefined))
    }).pipe(perInput)
  )

  it.effect("is shown what the joint critic is shown: the prompts differ in nothing but the question", () =>
    Effect.gen(function* () {
      yield* Critic.criticise(call, feedback, [true, true, true])
      yield* Effect.provide(Critic.criticise(call, feedback, [true, true, true]), Critic.layerJoint)
      const [one, two, three, joint] = (yield* requests).map(prompt)
      const [about, ask] = joint!.split("# Your task")
      const questions = [one!, two!, three!].map((text) => {
        const [shown, question] = text.split("# Your task")
        assert.strictEqual(shown, about)
        return question!.trim()
      })
      assert.strictEqual(questions.join("\n"), ask!.trim())
    }).pipe(perInput)
  )

  it.effect("gives nothing where its reply is empty: it was told to say nothing where nothing should change", () =>
    Effect.gen(function* () {
      const given = yield* Critic.criticise(call, feedback, [true, true, false])
      assert.deepStrictEqual(texts(given), [["say more"], [], []])
    }).pipe(
      Effect.provide(
        Layer.merge(
          ScriptedModel.respond((request) => (prompt(request).includes("what does input1") ? "say more" : "")),
          Critic.layerPerInput
        )
      )
    )
  )
})

describe("base and chain case", () => {
  it.effect("are told apart by the type of the feedback, never by its words", () =>
    Effect.gen(function* () {
      const first = [true, false, false]
      yield* Critic.criticise(call, [Feedback.objective], first)
      yield* Critic.criticise(call, feedback, first)
      // words that look like the objective are words
      const sly = Feedback.make("The output is itself the final judgement of the system.", { from: "a reply" })
      yield* Critic.criticise(call, [sly], first)
      const [base, chain, disguised] = (yield* requests).map(prompt)
      const isBase = (text: string) =>
        text.includes("The output is itself the final judgement of the system. The aim is")
      assert.deepStrictEqual([base!, chain!, disguised!].map(isBase), [true, false, false])
    }).pipe(Effect.provide(critic))
  )

  it.effect("a judgement that is both gets both", () =>
    Effect.gen(function* () {
      yield* Critic.criticise(call, [Feedback.objective, ...feedback], [true, false, false])
      const text = prompt((yield* requests)[0]!)
      assert.include(text, "final judgement")
      assert.include(text, "The answer should be Paris.")
    }).pipe(Effect.provide(critic))
  )
})

describe("what the critic is shown", () => {
  it.effect("images of the call, after the words", () =>
    Effect.gen(function* () {
      const picture = Variable.constant(Image.fromUrl("https://example.org/a.png", "image/png"), "picture")
      yield* Critic.criticise(
        {
          ...call,
          inputs: [system, picture],
          operation: (show) => [{ title: "Prompt", text: show(picture) }],
          images: [picture.value.part]
        },
        feedback,
        [true, false]
      )
      const content = (yield* requests)[0]!.messages.at(-1)!.content
      assert.isArray(content)
      assert.deepStrictEqual(content.at(-1), picture.value.part)
      assert.include(prompt((yield* requests)[0]!), "[image]")
    }).pipe(Effect.provide(critic))
  )

  it.effect("can be worded anew by the user", () =>
    Effect.gen(function* () {
      yield* Effect.provideService(
        Critic.criticise(call, feedback, [true, false, false]),
        CritiquePrompt,
        ({ feedback, targets }) => ({
          system: "Du bist der Kritiker.",
          user: `${targets.map(({ role }) => role).join()}: ${feedback.map(({ text }) => text).join(" ")}`
        })
      )
      assert.deepStrictEqual((yield* requests)[0]!.messages, [
        Message.system("Du bist der Kritiker."),
        Message.user("instructions of the solver: The answer should be Paris. Only one word, please.")
      ])
    }).pipe(Effect.provide(critic))
  )
})
