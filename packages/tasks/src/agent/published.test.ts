import { Backward, type Request } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, published } from "../../fixture/published.ts"
import type { Hotpot } from "../format/Hotpot.ts"
import * as HotpotQa from "../format/HotpotQa.ts"
import * as HotpotAgent from "./HotpotAgent.ts"
import type { Outcome } from "./Outcome.ts"
import { lexical } from "./Search.ts"

/** Fills every field that it is asked for with the same words, which are those of many paragraphs. */
const models = ScriptedModel.respond(({ output }: Request.Request) => {
  const { properties = {} } = (output?.jsonSchema ?? {}) as { properties?: Record<string, unknown> }
  return Object.fromEntries(Object.keys(properties).map((key) => [key, "the first film of the band"]))
})

const file = published("hotpotqa-distractor/train.jsonl")
const there = isThere(file, "the agent on rows of HotpotQA")

describe("the agent on published rows", () => {
  it.effect.skipIf(!there)("runs on each of them, and its verdict can be differentiated", () =>
    Effect.gen(function* () {
      const rows = yield* HotpotQa.read(file)
      const task = HotpotAgent.task({ train: rows, validation: [], test: [] })
      for (const example of rows) {
        const output = yield* task.forward(task.parameters, example)
        assert.isAtLeast(output.value.titles.length, 1)
        const loss = yield* task.loss(output, example)
        yield* Backward.run(loss)
        const right: Outcome = { ...output.value, answer: example.answer }
        assert.deepStrictEqual(yield* task.metric(right, example), { score: 1, feedback: "" })
        const { feedback, score } = yield* task.metric({ ...right, answer: "zebra" }, example)
        assert.strictEqual(score, 0)
        assert.include(feedback, `must be "${example.answer}"`)
      }
    }).pipe(Effect.provide(models), Effect.provide(NodeFileSystem.layer))
  )

  it.effect.skipIf(!there)("have a needed paragraph among the two that their own question finds, mostly", () =>
    Effect.gen(function* () {
      const rows = yield* HotpotQa.read(file)
      const recalls = yield* Effect.forEach(rows, ({ paragraphs, question, supporting = [] }) =>
        Effect.map(lexical(2)(question, paragraphs), (found) => {
          const needed = [...new Set(supporting.map(({ title }) => title))]
          return needed.filter((title) => found.some((one) => one.title === title)).length / needed.length
        })
      )
      // 0.675 was measured with the question itself as the query
      assert.isAbove(recalls.reduce((sum, one) => sum + one, 0) / recalls.length, 0.6)
      assert.isAbove(recalls.filter((recall) => recall > 0).length / rows.length, 0.8)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})

describe("the agent as a ready task", () => {
  it.effect("comes with questions of its own, in sets that share none", () =>
    Effect.gen(function* () {
      const task = yield* HotpotAgent.make({ train: 30, validation: 20, test: 20 }, { seed: 1 })
      const all = [...task.train, ...task.validation, ...task.test] as ReadonlyArray<Hotpot>
      assert.strictEqual(task.name, "hotpot-agent")
      assert.strictEqual(new Set(all.map(({ question }) => question)).size, 70)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.effect("says where HotpotQA is to be had where no file of it is given", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(HotpotAgent.hotpotqa({ train: 1, validation: 1, test: 1 }, { seed: 0 }))
      assert.strictEqual(error._tag, "SourceUnavailable")
      assert.include(error.message, "--data")
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  for (const [name, make] of Object.entries({ "hotpot-agent": HotpotAgent.make, hotpotqa: HotpotAgent.hotpotqa })) {
    it.effect.skipIf(!there)(`reads a file of HotpotQA as ${name}`, () =>
      Effect.gen(function* () {
        const task = yield* make({ train: 8, validation: 6, test: 6 }, { seed: 0, data: file })
        assert.deepStrictEqual(
          [task.name, task.train.length, task.validation.length, task.test.length],
          [name, 8, 6, 6]
        )
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})
