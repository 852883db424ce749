import { Laws, ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Schema } from "effect"
import { FeedbackTokens } from "../autograd/Digest.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import type * as Variable from "../graph/Variable.ts"
import * as Completion from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import { RateLimited } from "../model/TextModelError.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Fence from "../prompts/Fence.ts"
import { type Earlier, Optimizer } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const Settings = Schema.Struct({
  guide: Parameter.Text,
  limit: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 })),
  since: Schema.Date
})

const parameters = Parameters.make({
  solver: {
    instructions: Parameter.text("Answer the question.", {
      role: "system prompt of the solver",
      constraints: ["at most 100 words"]
    })
  },
  settings: Parameter.schema(Settings, { guide: "Be brief.", limit: 3, since: new Date(0) }, { role: "settings" })
})
const { instructions } = parameters.solver

const gradients = (...of: ReadonlyArray<readonly [Variable.Any, ReadonlyArray<string>]>) =>
  GradientMap.make(
    new Map(
      of.map(([variable, texts]) => [variable, texts.map((text) => Feedback.make(text, { from: "check", score: 0 }))])
    )
  )

const edit = (value: Schema.Json, changed = "") => ({ value, changed })

/** The last message of each editor call: what it was told of this case. */
const told = Effect.gen(function* () {
  const model = yield* ScriptedModel
  return (yield* model.requests)
    .filter(({ purpose }) => purpose === "optimizer")
    .map(({ messages }) => Message.text(messages.at(-1)!))
})

const count = (text: string, part: string) => text.split(part).length - 1

describe("the laws of optimizers hold for", () => {
  it.effect("textual gradient descent, with everything set", () =>
    Laws.optimizer(
      TextualGradientDescent.layer({ constraints: ["short"], examples: ["Do it."], earlier: 0, sampling: { seed: 1 } }),
      { runs: 60 }
    )
  )
})

describe("the editor", () => {
  const settings = { constraints: ["no lists"], examples: ["Say it like this."], sampling: { temperature: 0.3 } }

  it.effect(
    "is shown the whole value, its role, all criticism, and its and the optimizer's constraints and examples",
    () =>
      Effect.gen(function* () {
        const next = yield* Optimizer.step(parameters, gradients([instructions, ["It lacks R7.", "Too long."]]))
        assert.strictEqual(next.solver.instructions.value, "Answer with R7.")
        const [prompt] = yield* told
        for (const part of [
          `"system prompt of the solver"`,
          Fence.wrap("value", "Answer the question."),
          Fence.wrap("feedback", "It lacks R7."),
          Fence.wrap("feedback", "Too long."),
          "- at most 100 words",
          "- no lists",
          Fence.wrap("example", "Say it like this.")
        ]) {
          assert.strictEqual(count(prompt!, part), 1, part)
        }
        assert.notInclude(prompt, "earlier version")
        const [request] = yield* (yield* ScriptedModel).requests
        assert.deepStrictEqual(request?.sampling, { temperature: 0.3 })
      }).pipe(
        Effect.provide(TextualGradientDescent.layer(settings)),
        Effect.provide(ScriptedModel.layer([edit("Answer with R7.", "R7")]))
      )
  )

  it.effect("is shown the last three earlier versions, oldest first, with their scores and what was said", () =>
    Effect.gen(function* () {
      const earlier: ReadonlyArray<Earlier> = [
        { value: "Version 0", score: 0.1, feedback: [] },
        { value: "Version 1", score: 0.5, feedback: [] },
        { value: "Version 2", feedback: ["too vague", "too short"] },
        { value: "Version 3", score: 0.25, feedback: [] }
      ]
      yield* Optimizer.propose(parameters, gradients([instructions, ["It lacks R7."]]), {
        earlier: new Map([
          ["solver.instructions", earlier],
          ["settings", [{ value: "Another parameter's", feedback: [] }]]
        ])
      })
      const [prompt] = yield* told
      assert.notInclude(prompt, "Version 0")
      assert.notInclude(prompt, "Another parameter's")
      assert.include(prompt, `score 0.50 of 1:\n${Fence.wrap("earlier", "Version 1")}`)
      assert.include(prompt, `An earlier version:\n${Fence.wrap("earlier", "Version 2")}`)
      assert.include(prompt, Fence.wrap("feedback", "too vague\ntoo short"))
      const places = [1, 2, 3].map((i) => prompt!.indexOf(`Version ${i}`))
      assert.deepStrictEqual(
        places,
        [...places].sort((a, b) => a - b)
      )
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(ScriptedModel.layer([edit("Answer with R7.", "R7")]))
    )
  )

  it.effect("is told which versions were tried and not kept, of which it is shown the last two", () =>
    Effect.gen(function* () {
      const earlier: ReadonlyArray<Earlier> = [
        { value: "Version 0", score: 0.5, feedback: [] },
        { value: "Version 1", score: 0.4, feedback: [], rejected: "validation 0.5 -> 0.4" },
        { value: "Version 0", score: 0.5, feedback: [], rejected: "validation 0.6 -> 0.5" },
        { value: "Version 2", score: 0.3, feedback: [], rejected: "validation 0.5 -> 0.3" },
        { value: "Version 3", feedback: [], rejected: "minibatch 1.000 -> 0.000" }
      ]
      yield* Optimizer.propose(parameters, gradients([instructions, ["It lacks R7."]]), {
        earlier: new Map([["solver.instructions", earlier]])
      })
      const [prompt] = yield* told
      const version = (words: string, value: string) => `An earlier version${words}:\n${Fence.wrap("earlier", value)}`
      for (const part of [
        version(", score 0.50 of 1", "Version 0"),
        version(', score 0.30 of 1, was tried and not kept: "validation 0.5 -> 0.3"', "Version 2"),
        version(', was tried and not kept: "minibatch 1.000 -> 0.000"', "Version 3")
      ]) {
        assert.strictEqual(count(prompt!, part), 1, part)
      }
      assert.notInclude(prompt, "Version 1")
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(ScriptedModel.layer([edit("Answer with R7.", "R7")]))
    )
  )

  it.effect("is shown as many earlier versions as told", () =>
    Effect.gen(function* () {
      const earlier = [0, 1, 2, 3].map((i) => ({ value: `Version ${i}`, score: 0, feedback: [] }))
      for (const shown of [0, 1, 4]) {
        const model = yield* ScriptedModel.make([edit("Answer with R7.")])
        yield* Optimizer.propose(parameters, gradients([instructions, ["It lacks R7."]]), {
          earlier: new Map([["solver.instructions", earlier]])
        }).pipe(
          Effect.provide(TextualGradientDescent.layer({ earlier: shown })),
          Effect.provide(OptimizerModel.layer(model.layer))
        )
        const [request] = yield* model.requests
        const prompt = Message.text(request!.messages.at(-1)!)
        assert.deepStrictEqual(
          [0, 1, 2, 3].filter((i) => prompt.includes(`Version ${i}`)),
          [0, 1, 2, 3].slice(4 - shown)
        )
      }
    })
  )

  it.effect("is shown the value itself among the earlier ones only with what is known of it", () =>
    Effect.gen(function* () {
      const earlier: ReadonlyArray<Earlier> = [
        { value: "Version 0", feedback: [] },
        { value: instructions.value, feedback: [] }
      ]
      const criticised = gradients([instructions, ["It lacks R7."]])
      yield* Optimizer.propose(parameters, criticised, { earlier: new Map([["solver.instructions", earlier]]) })
      const scored = earlier.map((version) => ({ ...version, score: 0.5 }))
      yield* Optimizer.propose(parameters, criticised, { earlier: new Map([["solver.instructions", scored]]) })
      const prompts = yield* told
      assert.deepStrictEqual(
        prompts.map((prompt) => [count(prompt, "Version 0"), count(prompt, instructions.value)]),
        [
          [1, 1],
          [1, 2]
        ]
      )
    }).pipe(Effect.provide(TextualGradientDescent.layer()), Effect.provide(ScriptedModel.layer([edit("a"), edit("b")])))
  )
})

describe("a step", () => {
  const tgd = TextualGradientDescent.layer()

  it.effect("without criticism asks nobody and gives back the same parameters", () =>
    Effect.gen(function* () {
      for (const none of [
        GradientMap.empty,
        gradients([instructions, []]),
        GradientMap.make(new Map([[instructions, [Feedback.objective]]]))
      ]) {
        const next = yield* Optimizer.step(parameters, none)
        assert.deepStrictEqual(next, parameters)
        const proposal = yield* Optimizer.propose(parameters, none)
        assert.strictEqual(proposal.values.size + proposal.reasons.size, 0)
      }
    }).pipe(Effect.provide(tgd), Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("decodes a typed value by its schema, and shows it as JSON", () =>
    Effect.gen(function* () {
      const { reasons, values } = yield* Optimizer.propose(
        parameters,
        gradients([parameters.settings, ["The limit is too low."]])
      )
      assert.deepStrictEqual([...values], [["settings", { guide: "Be kind.", limit: 7, since: new Date(86_400_000) }]])
      assert.deepStrictEqual([...reasons], [["settings", "limit too low; be kind"]])
      const [prompt] = yield* told
      assert.include(prompt, "# The value, used as")
      const shown = Fence.extract(prompt!)!
      assert.deepStrictEqual(JSON.parse(shown), { guide: "Be brief.", limit: 3, since: "1970-01-01T00:00:00.000Z" })
    }).pipe(
      Effect.provide(tgd),
      Effect.provide(
        ScriptedModel.layer([
          edit({ guide: "Be kind.", limit: 7, since: "1970-01-02T00:00:00.000Z" }, "limit too low; be kind")
        ])
      )
    )
  )

  it.effect("has an unfit value repaired once, told what is wrong with it", () =>
    Effect.gen(function* () {
      const next = yield* Optimizer.step(parameters, gradients([parameters.settings, ["The limit is too low."]]))
      assert.strictEqual(next.settings.value.limit, 9)
      const requests = yield* (yield* ScriptedModel).requests
      assert.strictEqual(requests.length, 2)
      const [answer, complaint] = requests[1]!.messages.slice(-2)
      assert.strictEqual(answer?.role, "assistant")
      assert.include(Message.text(answer!), "99")
      assert.include(Message.text(complaint!), "between 0 and 10")
      assert.deepStrictEqual(requests[1]!.output, requests[0]!.output)
    }).pipe(
      Effect.provide(tgd),
      Effect.provide(
        ScriptedModel.layer([
          edit({ guide: "Be kind.", limit: 99, since: "1970-01-02T00:00:00.000Z" }),
          edit({ guide: "Be kind.", limit: 9, since: "1970-01-02T00:00:00.000Z" })
        ])
      )
    )
  )

  it.effect("whose value is unfit also after the repair is a failure that names the parameter", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Optimizer.step(parameters, gradients([instructions, ["It lacks R7."]])))
      assert.strictEqual(error.parameter, "solver.instructions")
      assert.strictEqual(error.reason._tag, "ReplyUnreadable")
      assert.match(error.message, /^no proposal for "solver.instructions": the reply is no edit, also after a repair/)
    }).pipe(Effect.provide(tgd), Effect.provide(ScriptedModel.layer([edit(" \n"), edit("")])))
  )

  it.effect("gives a failure of the model as its reason, and does not repair what was cut", () =>
    Effect.gen(function* () {
      for (const [reply, tag] of [
        [Completion.make(JSON.stringify(edit("half")), { finishReason: "length" }), "ReplyCut"],
        [new RateLimited({ message: "slow down" }), "RateLimited"]
      ] as const) {
        const model = yield* ScriptedModel.make([reply])
        const error = yield* Optimizer.step(parameters, gradients([instructions, ["It lacks R7."]])).pipe(
          Effect.provide(tgd),
          Effect.provide(OptimizerModel.layer(model.layer)),
          Effect.flip
        )
        assert.strictEqual(error.reason._tag, tag)
      }
    })
  )

  it.effect("edits all criticised parameters at once, or none of them", () =>
    Effect.gen(function* () {
      const criticised = gradients([instructions, ["It lacks R7."]], [parameters.settings, ["The limit is too low."]])
      const good = edit({ guide: "Be kind.", limit: 7, since: "1970-01-02T00:00:00.000Z" })
      const both = yield* Deferred.make<void>()
      let begun = 0
      const together = Effect.suspend(() => (++begun === 2 ? Deferred.succeed(both, undefined) : Deferred.await(both)))
      const ask = (replies: (text: boolean) => Schema.Json | RateLimited) =>
        Optimizer.step(parameters, criticised).pipe(
          Effect.provide(tgd),
          Effect.provide(
            ScriptedModel.respond(({ messages }) =>
              Effect.as(together, replies(Message.text(messages.at(-1)!).includes("# The text")) as Schema.Json)
            )
          )
        )
      // each waits for the other: one after the other they would wait for ever
      const next = yield* ask((isText) => (isText ? edit("Answer with R7.") : good))
      assert.deepStrictEqual([next.solver.instructions.value, next.settings.value.limit], ["Answer with R7.", 7])
      const error = yield* Effect.flip(ask((isText) => (isText ? edit("Answer with R7.") : edit(null))))
      assert.strictEqual(error.parameter, "settings")
      assert.deepStrictEqual(
        Parameters.entries(parameters).map(({ variable }) => variable.value),
        ["Answer the question.", { guide: "Be brief.", limit: 3, since: new Date(0) }]
      )
    })
  )

  it.effect("that fails for one parameter stops the calls for the others", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const criticised = gradients([instructions, ["It lacks R7."]], [parameters.settings, ["The limit is too low."]])
      const fiber = yield* Optimizer.step(parameters, criticised).pipe(
        Effect.provide(tgd),
        Effect.provide(
          ScriptedModel.respond(({ messages }) =>
            Message.text(messages.at(-1)!).includes("# The text")
              ? Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))
              : new RateLimited({ message: "slow down" })
          )
        ),
        Effect.flip,
        Effect.forkChild
      )
      assert.strictEqual((yield* Fiber.join(fiber)).parameter, "settings")
      assert.strictEqual(interrupted, 1)
    })
  )

  it.effect("condenses more feedback than a prompt may hold, and drops none of it before", () =>
    Effect.gen(function* () {
      const said = Array.from({ length: 6 }, (_, i) => `point ${i} `.repeat(20))
      const next = yield* Optimizer.step(parameters, gradients([instructions, said]))
      assert.strictEqual(next.solver.instructions.value, "Better.")
      const requests = yield* (yield* ScriptedModel).requests
      const digests = requests
        .filter(({ output }) => output === undefined)
        .map(({ messages }) => Message.text(messages[1]!))
      for (const text of said)
        assert.isTrue(
          digests.some((digest) => digest.includes(text)),
          text
        )
      const prompt = Message.text(requests.at(-1)!.messages.at(-1)!)
      assert.strictEqual(count(prompt, Fence.wrap("feedback", "all points in short")), digests.length)
      assert.notInclude(prompt, said[0]!)
    }).pipe(
      Effect.provide(tgd),
      Effect.provide(
        ScriptedModel.respond(({ output }) => (output === undefined ? "all points in short" : edit("Better.")))
      ),
      Effect.provideService(FeedbackTokens, 100)
    )
  )
})
