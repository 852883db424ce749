import { Generators, Laws } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { BackwardError, PullbackArity, PullbackFailed } from "../graph/BackwardError.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Graph from "../graph/Graph.ts"
import * as Variable from "../graph/Variable.ts"
import { EmptyReply, RateLimited } from "../model/TextModelError.ts"
import * as Combine from "../operation/Combine.ts"
import * as Operation from "../operation/Operation.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Backward from "./Backward.ts"
import * as GradientMap from "./GradientMap.ts"

const { p } = Parameters.make({ p: Parameter.text("start", { role: "a parameter" }) })

/** Passes on how many pieces it got, as one piece, so that its size does not grow with the graph. */
const counting = (inputs: ReadonlyArray<Variable.Any>, run: () => void = () => {}) =>
  Variable.applied<string, never>({
    value: "",
    role: "a count",
    name: "Count",
    inputs: inputs as ReadonlyArray<Variable.Variable<unknown>>,
    pullback: (feedback) =>
      Effect.sync(() => {
        run()
        const sum = feedback.reduce((all, one) => all + (Feedback.isCriticism(one) ? Number(one.text) : 1), 0)
        return inputs.map(() => [Feedback.make(String(sum), { from: "Count" })])
      })
  })

const texts = (gradients: GradientMap.GradientMap, variable: Variable.Any) =>
  gradients.of(variable).map((one) => (Feedback.isCriticism(one) ? one.text : "objective"))

const pullback = (run: Variable.Pullback<never>, name = "Custom", input: Variable.Variable<unknown> = p) =>
  Variable.applied<string, never>({ value: "", role: name, name, inputs: [input], pullback: run })

describe("laws of the backward fold, over generated graphs", () => {
  for (const law of Laws.foldLaws) {
    it.effect.prop(law.name, [Generators.blueprints()], ([blueprint]) => law.check(Backward.run, blueprint), {
      arbitrary: { runs: 300 }
    })
  }
})

describe("large graphs", () => {
  const size = 100_000

  it.effect("a chain of 100,000 operations: each pullback once, nothing overflows", () =>
    Effect.gen(function* () {
      let ran = 0
      let last: Variable.Variable<unknown> = p
      for (let i = 0; i < size; i++) last = counting([last], () => ran++)
      const gradients = yield* Backward.run(last)
      assert.strictEqual(ran, size)
      assert.deepStrictEqual(texts(gradients, p), ["1"])
      assert.strictEqual(gradients.entries.size, size + 1)
    })
  )

  it.effect("a sum of 100,000 variables: the parameter hears each once", () =>
    Effect.gen(function* () {
      let ran = 0
      const parts = Array.from({ length: size }, () => counting([p], () => ran++))
      const sum = Combine.all(parts, "a sum")
      const gradients = yield* Backward.run(sum)
      assert.strictEqual(ran, size)
      assert.strictEqual(gradients.of(p).length, size)
    })
  )

  it.effect("a parameter used in 100,000 slots of one operation is heard 100,000 times", () =>
    Effect.gen(function* () {
      const gradients = yield* Backward.run(counting(Array.from({ length: size }, () => p)))
      assert.strictEqual(gradients.of(p).length, size)
    })
  )

  it.effect("50,000 diamonds in a row: every way is counted, no way is walked", () =>
    Effect.gen(function* () {
      // 2 to the power of 50,000 ways; each layer halves what it hears, so the count stays 1
      const halving = (inputs: ReadonlyArray<Variable.Variable<unknown>>) =>
        Variable.applied<string, never>({
          value: "",
          role: "half",
          name: "Half",
          inputs,
          pullback: (feedback) =>
            Effect.sync(() => {
              const sum = feedback.reduce((all, one) => all + (Feedback.isCriticism(one) ? Number(one.text) : 1), 0)
              return inputs.map(() => [Feedback.make(String(sum / inputs.length), { from: "Half" })])
            })
        })
      let last: Variable.Variable<unknown> = p
      for (let i = 0; i < size / 2; i++) last = halving([last, last])
      const gradients = yield* Backward.run(last)
      assert.deepStrictEqual(texts(gradients, p), ["0.5", "0.5"])
    })
  )

  it.effect("100,000 losses of one minibatch", () =>
    Effect.gen(function* () {
      const losses = Array.from({ length: size }, () => counting([p]))
      const gradients = yield* Backward.run(losses)
      assert.strictEqual(gradients.of(p).length, size)
    })
  )

  it.effect("a graph that reaches no parameter costs no pullback at all", () =>
    Effect.gen(function* () {
      let ran = 0
      let last: Variable.Variable<unknown> = Variable.constant("given", "a constant")
      for (let i = 0; i < size; i++) last = counting([last], () => ran++)
      const gradients = yield* Backward.run(last)
      assert.strictEqual(ran, 0)
      assert.strictEqual(gradients.entries.size, 0)
    })
  )
})

describe("concurrency", () => {
  const busy = (width: number, concurrency: number | undefined) =>
    Effect.gen(function* () {
      let now = 0
      let most = 0
      const parts = Array.from({ length: width }, (_, i) =>
        pullback(() => {
          now += 1
          most = Math.max(most, now)
          return Effect.sleep(100).pipe(
            Effect.map(() => [[Feedback.make(`part ${i}`, { from: "part" })]]),
            Effect.ensuring(Effect.sync(() => (now -= 1)))
          )
        })
      )
      const fiber = yield* Effect.forkChild(
        Backward.run(Combine.all(parts, "all"), concurrency === undefined ? {} : { concurrency })
      )
      yield* TestClock.adjust("1 hour")
      const gradients = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        texts(gradients, p),
        parts.map((_, i) => `part ${i}`)
      )
      return most
    })

  it.effect("independent pullbacks run together, up to the limit", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* busy(12, 4), 4)
      assert.strictEqual(yield* busy(12, 1), 1)
      assert.strictEqual(yield* busy(12, Number.POSITIVE_INFINITY), 12)
      assert.strictEqual(yield* busy(100, undefined), 64)
    })
  )

  it.effect("takes as long as its longest path, not as its pullbacks together", () =>
    Effect.gen(function* () {
      const slow = (ms: number, input: Variable.Variable<unknown> = p) =>
        pullback(() => Effect.as(Effect.sleep(ms), [[Feedback.make("x", { from: "slow" })]]), "Slow", input)
      // three paths: 100 + 100, 150, and 40 + 40 + 40
      const losses = [slow(100, slow(100)), slow(150), slow(40, slow(40, slow(40)))]
      const fiber = yield* Effect.forkChild(Backward.run(losses))
      yield* TestClock.adjust(199)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
    })
  )
})

describe("what is differentiated", () => {
  it.effect("a root that is a parameter hears the objective", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(texts(yield* Backward.run(p), p), ["objective"])
    })
  )

  it.effect("a root that is used by another root hears its seed first", () =>
    Effect.gen(function* () {
      const inner = pullback((feedback) => Effect.succeed([feedback]))
      const outer = pullback(() => Effect.succeed([[Feedback.make("from outer", { from: "outer" })]]), "Outer", inner)
      assert.deepStrictEqual(texts(yield* Backward.run([outer, inner]), p), ["objective", "from outer"])
    })
  )

  it.effect("a loss that stands in the batch twice is one loss", () =>
    Effect.gen(function* () {
      const loss = counting([p])
      assert.deepStrictEqual(texts(yield* Backward.run([loss, loss]), p), ["1"])
    })
  )

  it.effect("no losses give an empty gradient", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Backward.run([])).entries.size, 0)
    })
  )

  it.effect("the seed can be words of one's own", () =>
    Effect.gen(function* () {
      const loss = pullback((feedback) => Effect.succeed([feedback]))
      const seed = [Feedback.make("too long", { from: "a person", score: 0.2 })]
      const gradients = yield* Backward.run(loss, { seed })
      assert.deepStrictEqual(gradients.of(p), seed)
    })
  )

  it.effect("other targets than parameters can be asked for, and then only what reaches them is differentiated", () =>
    Effect.gen(function* () {
      const question = Variable.constant("2 + 2?", "question")
      let asked = 0
      const ofParameter = counting([p], () => asked++)
      const ofQuestion = counting([question])
      const gradients = yield* Backward.run(Combine.all([ofParameter, ofQuestion], "both"), {
        targets: (variable) => variable === question
      })
      assert.deepStrictEqual(texts(gradients, question), ["1"])
      assert.deepStrictEqual(gradients.of(p), [])
      assert.strictEqual(asked, 0)
    })
  )

  it.effect("an operation that says nothing about an input ends the way there", () =>
    Effect.gen(function* () {
      let asked = 0
      const behind = counting([p], () => asked++)
      const silent = Variable.applied<string, never>({
        value: "",
        role: "silent",
        name: "Silent",
        inputs: [behind],
        pullback: () => Effect.succeed([[]])
      })
      const gradients = yield* Backward.run(silent)
      assert.strictEqual(asked, 0)
      assert.deepStrictEqual([...gradients.entries.keys()], [silent])
    })
  )

  it.effect("nothing behind stopGradient hears anything, what is beside it does", () =>
    Effect.gen(function* () {
      const made = counting([p])
      const stopped = Operation.stopGradient(made)
      assert.strictEqual(stopped.value, made.value)
      const gradients = yield* Backward.run(Combine.all([stopped, counting([p])], "both"))
      assert.deepStrictEqual(gradients.of(made), [])
      assert.deepStrictEqual(texts(gradients, p), ["1"])
    })
  )
})

describe("a pullback that fails", () => {
  it.effect("fails the pass with its own error, and the others are interrupted", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const slow = () => pullback(() => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => interrupted++))))
      const failing = pullback(() =>
        Effect.andThen(
          Effect.sleep(10),
          Effect.fail(
            new BackwardError({ operation: "Lookup", reason: new PullbackFailed({ message: "the index is gone" }) })
          )
        )
      )
      const fiber = yield* Effect.forkChild(Effect.flip(Backward.run(Combine.all([slow(), failing, slow()], "all"))))
      yield* TestClock.adjust(10)
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag, "BackwardError")
      assert.strictEqual(error.message, "backward of Lookup: the index is gone")
      assert.strictEqual(interrupted, 2)
    })
  )

  it.effect("names its operation where a model call failed inside it, and can be caught by its reason", () =>
    Effect.gen(function* () {
      const lookup = Operation.make({
        name: "Lookup",
        role: "what was found",
        forward: (text: string) => Effect.succeed([text, undefined] as const),
        backward: () => Effect.fail(new RateLimited({ message: "slow down", retryAfterMs: 5 }))
      })
      const run = Backward.run(yield* lookup(p))
      const error = yield* Effect.flip(run)
      assert.strictEqual(error.operation, "Lookup")
      const caught = yield* Effect.catchReason(run, "BackwardError", "RateLimited", ({ retryAfterMs }) =>
        Effect.succeed(retryAfterMs)
      )
      assert.strictEqual(caught, 5)
    })
  )

  it.effect("that gives too few or too many entries is named, with both numbers", () =>
    Effect.gen(function* () {
      for (const given of [[], [[], []]]) {
        const { operation, reason } = yield* Effect.flip(Backward.run(pullback(() => Effect.succeed(given))))
        assert.strictEqual(operation, "Custom")
        assert.instanceOf(reason, PullbackArity)
        assert.deepStrictEqual([reason.expected, reason.actual], [1, given.length])
      }
    })
  )

  it.effect(
    "for a reply that cannot be used lets the others end, and tells the same failure whichever was faster",
    () =>
      Effect.gen(function* () {
        for (const [first, second] of [
          [10, 20],
          [20, 10]
        ] as const) {
          let ended = 0
          let heard = 0
          const slow = pullback(() =>
            Effect.sync(() => {
              ended++
              return [[]]
            }).pipe(Effect.delay(50))
          )
          const below = pullback(() =>
            Effect.sync(() => {
              heard++
              return [[]]
            })
          )
          const unusable = (operation: string, afterMs: number) =>
            pullback(
              () =>
                Effect.delay(
                  Effect.fail(new BackwardError({ operation, reason: new EmptyReply({ message: "no text" }) })),
                  afterMs
                ),
              operation,
              below
            )
          const losses = Combine.all([unusable("A", first), slow, unusable("B", second)], "all")
          const fiber = yield* Effect.forkChild(Effect.flip(Backward.run(losses)))
          yield* TestClock.adjust(100)
          assert.strictEqual((yield* Fiber.join(fiber)).operation, "B")
          assert.deepStrictEqual([ended, heard], [1, 0])
        }
      })
  )

  it.effect("an interruption from outside reaches the pullbacks", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const slow = pullback(() => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => interrupted++))))
      const fiber = yield* Effect.forkChild(Backward.run(slow))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(interrupted, 1)
    })
  )
})

describe("GradientMap", () => {
  it.effect("gives criticism without the seed, and nothing for what it does not know", () =>
    Effect.gen(function* () {
      const gradients = yield* Backward.run([p, counting([p])])
      assert.deepStrictEqual(
        GradientMap.criticism(gradients, p).map(({ text }) => text),
        ["1"]
      )
      assert.deepStrictEqual(GradientMap.empty.of(p), [])
    })
  )

  it.effect("keeps inputs before outputs", () =>
    Effect.gen(function* () {
      const inner = counting([p])
      const outer = counting([inner, p])
      const gradients = yield* Backward.run(outer)
      assert.deepStrictEqual<ReadonlyArray<Variable.Any>>([...gradients.entries.keys()], Graph.make(outer).nodes)
    })
  )
})
