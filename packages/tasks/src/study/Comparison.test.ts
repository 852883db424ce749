import {
  BackwardModel,
  Generate,
  Journal,
  type JournalRecord,
  Models,
  Request,
  TextModel,
  TextModelError
} from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Hash, Layer, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Attempt from "./Attempt.ts"
import * as Calls from "./Calls.ts"
import * as Comparison from "./Comparison.ts"
import type { Method, Study } from "./Study.ts"
import * as StudyReport from "./StudyReport.ts"

interface Sum {
  readonly a: number
  readonly b: number
}

const sums: ReadonlyArray<Sum> = [1, 2, 3, 4, 5, 6, 7, 8].map((a) => ({ a, b: 1 }))

const study = <E, R>(methods: ReadonlyArray<Method<Sum, E, R>>, examples = sums): Study<Sum, E, R> => ({
  name: "sums",
  examples,
  methods,
  grade: (answer, { a, b }) => Effect.succeed({ score: answer === String(a + b) ? 1 : 0, feedback: "" })
})

/** Right at its second reading, and at its first one for small sums. */
const careful: Method<Sum, never, never> = {
  name: "careful",
  about: "thinks twice",
  run: ({ a, b }) =>
    Effect.succeed([
      { name: "first", answer: String(a < 3 ? a + b : 0), calls: 1 },
      { name: "second", answer: String(a + b), calls: 3 }
    ])
}

/** One answer after each call, all the same: right for odd sums. */
const stubborn: Method<Sum, never, never> = {
  name: "stubborn",
  about: "says the same again and again",
  run: ({ a, b }) =>
    Effect.succeed(
      [1, 2, 3, 4].map((calls) => ({ name: `after ${calls}`, answer: String(a % 2 === 0 ? a + b : 0), calls }))
    )
}

const failing = <E>(error: (sum: Sum) => E | undefined): Method<Sum, E, never> => ({
  name: "failing",
  about: "fails on some",
  run: (sum) => {
    const failure = error(sum)
    return failure === undefined
      ? Effect.succeed([{ name: "only", answer: String(sum.a + sum.b), calls: 1 }])
      : Effect.fail(failure)
  }
})

const unreadable = new TextModelError.ReplyUnreadable({ message: "no JSON", text: "{" })

const decode = <A>(schema: Schema.Codec<A>, line: string) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(line)

describe("the report of a comparison", () => {
  it.effect(
    "has a line for each reading: mean, interval, calls, and the gain over the first on the same examples",
    () =>
      Effect.gen(function* () {
        const { readings } = yield* Comparison.run(study([careful, stubborn]))
        assert.deepStrictEqual(
          readings.map(({ calls, errors, method, n, reading, score }) => [
            method,
            reading,
            calls,
            score.mean,
            n,
            errors
          ]),
          [
            ["careful", "first", 1, 0.25, 8, 0],
            ["careful", "second", 3, 1, 8, 0],
            ...[1, 2, 3, 4].map((calls) => ["stubborn", `after ${calls}`, calls, 0.5, 8, 0])
          ]
        )
        for (const { score } of readings) assert.isTrue(score.low <= score.mean && score.mean <= score.high)
        const [first, second, other] = readings
        assert.isUndefined(first!.gain)
        assert.deepInclude(second!.gain, { gain: 0.75, n: 8 })
        assert.isAbove(second!.gain!.low, 0)
        // 2, 4, 6, 8 right instead of 1, 2
        assert.deepInclude(other!.gain, { gain: 0.25, n: 8 })
        assert.isBelow(other!.gain!.low, 0)
      })
  )

  it.effect("says of each method on how many examples any of its readings was right", () =>
    Effect.gen(function* () {
      const { methods } = yield* Comparison.run(study([careful, stubborn]))
      assert.deepStrictEqual(
        methods.map(({ best, method }) => [method, best?.mean]),
        [
          ["careful", 1],
          ["stubborn", 0.5]
        ]
      )
    })
  )

  it.effect("compares the outcome of the first method with what the others had at as many calls", () =>
    Effect.gen(function* () {
      const { equalBudget } = yield* Comparison.run(study([careful, stubborn]))
      assert.deepStrictEqual(
        equalBudget.map(({ gain, of, over }) => [of, over, gain.gain]),
        [
          [
            { method: "careful", reading: "second", calls: 3 },
            { method: "stubborn", reading: "after 3", calls: 3 },
            0.5
          ]
        ]
      )
    })
  )

  it.effect("compares it with a reading at no fewer calls, where there is one", () =>
    Effect.gen(function* () {
      const at = (name: string, ...calls: ReadonlyArray<number>) => {
        const readings = calls.map((calls) => ({ name: `after ${calls}`, answer: "2", calls }))
        return { name, about: "", run: () => Effect.succeed(readings) }
      }
      const others = [at("nearer below", 1, 3, 6), at("equal", 4, 5), at("all fewer", 1, 2), at("all more", 7, 9)]
      const { equalBudget } = yield* Comparison.run(study([at("first", 1, 4), ...others]))
      assert.deepStrictEqual(
        equalBudget.map(({ of, over }) => [of.calls, over.method, over.calls]),
        [
          [4, "nearer below", 6],
          [4, "equal", 4],
          [4, "all fewer", 2],
          [4, "all more", 7]
        ]
      )
    })
  )

  it.effect("is the same when it is made from a results file", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const report = yield* Comparison.run(study([careful, failing(({ a }) => (a === 2 ? unreadable : undefined))]), {
        onAttempt: (attempt) =>
          Effect.sync(() => {
            lines.push(JSON.stringify(attempt))
          })
      })
      const read = yield* Effect.forEach(lines, (line) => decode(Attempt.Attempt, line))
      assert.deepStrictEqual(yield* StudyReport.make("sums", read), report)
      assert.deepStrictEqual(yield* decode(StudyReport.StudyReport, JSON.stringify(report)), report)
    })
  )
})

describe("an attempt that fails", () => {
  it.effect("is kept apart by name, and takes neither other examples nor other methods with it", () =>
    Effect.gen(function* () {
      const attempts: Array<Attempt.Attempt> = []
      const report = yield* Comparison.run(
        study([careful, failing(({ a }) => (a % 4 === 0 ? unreadable : undefined))]),
        {
          onAttempt: (attempt) =>
            Effect.sync(() => {
              attempts.push(attempt)
            })
        }
      )
      assert.deepStrictEqual(
        attempts.filter(({ _tag }) => _tag === "Failed"),
        [3, 7].map((index) => ({
          _tag: "Failed" as const,
          method: "failing",
          index,
          error: "ReplyUnreadable",
          message: "no JSON"
        }))
      )
      const last = report.readings.at(-1)!
      assert.deepStrictEqual([last.n, last.errors, last.score.mean, last.gain?.n], [6, 2, 1, 6])
      assert.deepStrictEqual(
        report.methods.map(({ errors, n }) => [n, errors]),
        [
          [8, 0],
          [6, 2]
        ]
      )
    })
  )

  it.effect("also where grading it did", () =>
    Effect.gen(function* () {
      const broken: Study<Sum, TextModelError.TextModelError, never> = {
        ...study([careful]),
        grade: (answer, { a, b }) =>
          a === 1 ? Effect.fail(unreadable) : Effect.succeed({ score: Number(answer === String(a + b)), feedback: "" })
      }
      const { readings } = yield* Comparison.run(broken)
      assert.deepStrictEqual(
        readings.map(({ errors, n }) => [n, errors]),
        [
          [7, 1],
          [7, 1]
        ]
      )
    })
  )

  it.effect("of one method everywhere leaves the others their lines", () =>
    Effect.gen(function* () {
      const { equalBudget, methods, readings } = yield* Comparison.run(study([failing(() => unreadable), careful]))
      assert.deepStrictEqual(
        readings.map(({ reading }) => reading),
        ["first", "second"]
      )
      assert.deepStrictEqual(methods[0], { method: "failing", n: 0, errors: 8 })
      assert.deepStrictEqual(equalBudget, [])
    })
  )

  it.effect("as every other would ends the comparison: no key, or a failure of them all", () =>
    Effect.gen(function* () {
      const noKey = new TextModelError.Unauthorized({ message: "wrong key" })
      const fatal = study([careful, failing(({ a }) => (a === 5 ? noKey : undefined))])
      assert.strictEqual(yield* Effect.flip(Comparison.run(fatal)), noKey)
      assert.strictEqual(yield* Effect.flip(Comparison.run(study([failing(() => unreadable)]))), unreadable)
    })
  )

  it.effect("has nothing to do with a study without examples, or without methods", () =>
    Effect.gen(function* () {
      for (const empty of [study([careful], []), study<never, never>([])]) {
        assert.strictEqual((yield* Effect.flip(Comparison.run(empty)))._tag, "EmptyDataset")
      }
    })
  )
})

describe("attempts", () => {
  it.effect("are told in the order of the study as soon as their turn comes, at most so many at once", () =>
    Effect.gen(function* () {
      const running = yield* Ref.make(0)
      let most = 0
      const gate = yield* Deferred.make<void>()
      const slow: Method<Sum, never, never> = {
        ...careful,
        run: (sum) =>
          Effect.gen(function* () {
            most = Math.max(most, yield* Ref.updateAndGet(running, (n) => n + 1))
            if (sum.a === 3) yield* Deferred.await(gate)
            else yield* Effect.sleep(100 - 10 * sum.a)
            yield* Ref.update(running, (n) => n - 1)
            return yield* careful.run(sum)
          })
      }
      const told: Array<number> = []
      const fiber = yield* Comparison.run(study([slow]), {
        concurrency: 3,
        onAttempt: ({ index }) =>
          Effect.sync(() => {
            told.push(index)
          })
      }).pipe(Effect.forkChild)
      yield* TestClock.adjust("1 second")
      // the third holds up what is told, and not what is run
      assert.deepStrictEqual([told, yield* Ref.get(running)], [[0, 1], 1])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual([told, most], [[0, 1, 2, 3, 4, 5, 6, 7], 3])
    })
  )

  it.effect("grade an answer once, however many readings have it", () =>
    Effect.gen(function* () {
      const graded: Array<string> = []
      yield* Comparison.run({
        ...study([careful, stubborn]),
        grade: (answer, { a }) =>
          Effect.sync(() => {
            graded.push(`${a}: ${answer}`)
            return { score: 0, feedback: "" }
          })
      })
      // careful has two answers for six of the eight sums and one for two; stubborn one for each
      assert.strictEqual(graded.length, 6 * 2 + 2 + 8)
    })
  )
})

/** Asks twice, in two roles: the same words for each sum, so that only the place tells whose reply is whose. */
const asking: Method<Sum, TextModelError.TextModelError, TextModel | BackwardModel> = {
  name: "asking",
  about: "asks the model",
  run: () =>
    Effect.gen(function* () {
      const { value } = yield* Generate.text({ prompt: "Give a number.", role: "number" })
      const critic = yield* BackwardModel
      const second = yield* critic.complete(Request.make({ purpose: "judge", messages: [] }))
      return [
        { name: "first", answer: value, calls: 1 },
        { name: "second", answer: second.text, calls: 2 }
      ]
    })
}

/** Says another number each time, after a time of its own. */
const counter = (salt: string) => {
  const asked = { calls: 0 }
  const layer = Layer.succeed(TextModel, {
    complete: () =>
      Effect.suspend(() => {
        const call = asked.calls++
        return Effect.as(Effect.sleep((Hash.string(salt + call) >>> 0) % 1000), {
          text: String(call),
          finishReason: "stop" as const,
          usage: { calls: 1, inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 }
        })
      })
  })
  return { asked, layer }
}

describe("a comparison over its journal", () => {
  it.effect("asks nothing twice and finds the same, at another concurrency and another speed", () =>
    Effect.gen(function* () {
      const run = Effect.fnUntraced(function* (
        salt: string,
        concurrency: number,
        records: Array<JournalRecord.Record>
      ) {
        const { asked, layer } = counter(salt)
        const attempts: Array<Attempt.Attempt> = []
        const fiber = yield* Comparison.run(study([asking, { ...asking, name: "asking again" }]), {
          concurrency,
          onAttempt: (attempt) =>
            Effect.sync(() => {
              attempts.push(attempt)
            })
        }).pipe(
          Effect.provide(Models.layer({ forward: layer }), { local: true }),
          Effect.provide(Journal.layerMemory(records), { local: true }),
          Effect.forkChild
        )
        yield* TestClock.adjust("1 hour")
        const report = yield* Fiber.join(fiber)
        return { calls: asked.calls, attempts, report }
      })
      const records: Array<JournalRecord.Record> = []
      const first = yield* run("a", 5, records)
      assert.strictEqual(first.calls, 32)
      const again = yield* run("b", 1, records)
      assert.deepStrictEqual([again.calls, again.attempts, again.report], [0, first.attempts, first.report])
    })
  )
})

describe("the calls of a trajectory", () => {
  it.effect("are the requests of all roles so far, repairs among them, and of nobody else", () =>
    Effect.gen(function* () {
      const trajectory = Calls.counted((calls) =>
        Effect.gen(function* () {
          const found: Array<number> = [yield* calls]
          const ask = { prompt: "Give a number.", role: "number" }
          yield* Generate.text(ask)
          found.push(yield* calls)
          yield* Generate.object({ ...ask, schema: Schema.Struct({ n: Schema.Int }) })
          found.push(yield* calls)
          yield* (yield* BackwardModel).complete(Request.make({ purpose: "judge", messages: [] }))
          found.push(yield* calls)
          return found
        })
      )
      const all = yield* Effect.all([trajectory, trajectory], { concurrency: 2 })
      assert.deepStrictEqual(all, [
        [0, 1, 3, 4],
        [0, 1, 3, 4]
      ])
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 8)
    }).pipe(
      Effect.provide(
        ScriptedModel.respond(({ messages, output }) =>
          output === undefined ? "7" : messages.length > 1 ? { n: 7 } : "seven"
        )
      )
    )
  )
})
