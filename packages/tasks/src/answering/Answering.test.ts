import { Fence, Journal, type JournalRecord, Models, TextModelError } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { told } from "../../fixture/told.ts"
import type { Attempt, Graded } from "../study/Attempt.ts"
import * as Comparison from "../study/Comparison.ts"
import * as Answering from "./Answering.ts"
import * as Form from "./Form.ts"
import { callsOf } from "./selfCritique.ts"
import * as WordProblems from "./WordProblems.ts"

type Said = Parameters<typeof ScriptedModel.respond>[0]

/** The result of the last step of a solution. */
const resultOf = (steps: ReadonlyArray<string>) => /= (-?\d+)$/.exec(steps.at(-1)!)![1]!
const stepsIn = (text: string) => [...new Set(text.match(/\d+ [-+*/] \d+ = \d+/g) ?? [])]

/**
 * A pupil in all roles. It begins with the first step alone, and answers with its result. Its examiner, and itself when it
 * looks back, name the next step that is missing; whoever is told a step takes it over. At a temperature it gets two samples
 * of three right at once.
 */
const pupil = (problems: ReadonlyArray<WordProblems.WordProblem>): Said => {
  const next = (text: string) => {
    const { steps } = problems.find(({ question }) => text.includes(question))!
    return steps.find((step) => !text.includes(step))
  }
  return (request) => {
    const text = told(request)
    const { answer, steps } = problems.find(({ question }) => text.includes(question))!
    if (request.purpose === "optimizer") {
      const value = JSON.parse(Fence.extract(text.slice(text.indexOf("# The solution")))!) as { reasoning: string }
      const known = stepsIn(value.reasoning)
      const remark = stepsIn(text.slice(text.indexOf("# Remarks"))).filter((step) => !known.includes(step))
      const all = [...known, ...remark]
      return { value: { reasoning: all.join("\n"), answer: resultOf(all) }, changed: "a step" }
    }
    if (request.purpose === "judge") {
      const missing = next(text)
      const said = missing === undefined ? "It holds." : `It is not done yet, there is a step missing: ${missing}`
      return request.output === undefined ? said : { reflection: said, satisfied: missing === undefined }
    }
    if (request.sampling?.temperature !== undefined && request.sample % 3 !== 0) {
      return { reasoning: steps.join("\n"), answer: String(answer) }
    }
    const known = [...new Set([steps[0]!, ...stepsIn(text)])]
    return { reasoning: known.join("\n"), answer: resultOf(known) }
  }
}

/** Problems with as many steps as asked for, so many of each. */
const problemsOf = (each: number) =>
  Effect.map(WordProblems.generate(300, 1), (problems) =>
    [2, 3, 4].flatMap((steps) => problems.filter((problem) => problem.steps.length === steps).slice(0, each))
  )

const rows = (problems: ReadonlyArray<WordProblems.WordProblem>) =>
  problems.map(({ answer, question }, i) => ({ id: String(i), question, answer: String(answer) }))

const run = Effect.fnUntraced(function* (
  problems: ReadonlyArray<WordProblems.WordProblem>,
  options: Answering.Effort = {}
) {
  const attempts: Array<Attempt> = []
  const study = Answering.study({ name: "problems", examples: rows(problems), form: Form.number, ...options })
  const report = yield* Comparison.run(study, {
    onAttempt: (attempt) =>
      Effect.sync(() => {
        attempts.push(attempt)
      })
  })
  return { attempts, report }
})

/** Calls and scores of each reading of one method on one example. */
const readingsOf = (attempts: ReadonlyArray<Attempt>, method: string, index: number): ReadonlyArray<Graded> => {
  const found = attempts.find((attempt) => attempt.method === method && attempt.index === index)
  return found?._tag === "Answered" ? found.readings : []
}

const calls = (readings: ReadonlyArray<Graded>) => readings.map(({ calls }) => calls)
const scores = (readings: ReadonlyArray<Graded>) => readings.map(({ score }) => score)

describe("an offline study of word problems", () => {
  it.effect("rises from zero-shot with each update, and with each retry", () =>
    Effect.gen(function* () {
      const problems = yield* problemsOf(2)
      const { report } = yield* run(problems).pipe(Effect.provide(ScriptedModel.respond(pupil(problems))))
      const means = (method: string) =>
        report.readings
          .filter((line) => line.method === method)
          .map(({ reading, score }) => [reading, Math.round(6 * score.mean)])
      assert.deepStrictEqual(means("self-critique"), [
        ["zero-shot", 0],
        ["after update 1", 2],
        ["after update 2", 4],
        ["after update 3", 6],
        // four different answers to the problems of four steps: the first stands
        ["vote of 4", 4]
      ])
      assert.deepStrictEqual(means("reflexion"), [
        ["zero-shot", 0],
        ["after retry 1", 2],
        ["after retry 2", 4],
        ["after retry 3", 6],
        ["after retry 4", 6]
      ])
      assert.deepStrictEqual(means("self-consistency"), [
        ["vote of 1", 0],
        ["vote of 2", 0],
        ["vote of 3", 6],
        // two against two: the first stands
        ["vote of 4", 0],
        ["vote of 5", 6],
        ["vote of 6", 6],
        ["vote of 7", 6],
        ["vote of 8", 6],
        ["vote of 9", 6]
      ])
      assert.deepStrictEqual(
        report.methods.map(({ best, errors }) => [best?.mean, errors]),
        [
          [1, 0],
          [1, 0],
          [1, 0]
        ]
      )
    })
  )

  it.effect(
    "counts calls to the call: an update two, a sample one, a retry two, and the look back that ends it one",
    () =>
      Effect.gen(function* () {
        const problems = yield* problemsOf(1)
        const { asked, attempts } = yield* Effect.gen(function* () {
          const { attempts } = yield* run(problems)
          return { attempts, asked: yield* (yield* ScriptedModel).calls() }
        }).pipe(Effect.provide(ScriptedModel.respond(pupil(problems))))
        const table = (method: string) => [0, 1, 2].map((index) => calls(readingsOf(attempts, method, index)))
        // an update that finds nothing to change is the last, and the vote asks nobody
        assert.deepStrictEqual(table("self-critique"), [
          [1, 3, 5, 5, 5],
          [1, 3, 5, 7, 7],
          [1, 3, 5, 7, 7]
        ])
        assert.deepStrictEqual(
          table("self-consistency"),
          [0, 1, 2].map(() => [1, 2, 3, 4, 5, 6, 7, 8, 9])
        )
        assert.deepStrictEqual(table("reflexion"), [
          [1, 3, 4, 4, 4],
          [1, 3, 5, 6, 6],
          [1, 3, 5, 7, 8]
        ])
        const last = attempts.map((attempt) => (attempt._tag === "Answered" ? attempt.readings.at(-1)!.calls : 0))
        assert.strictEqual(
          asked,
          last.reduce((sum, n) => sum + n, 0)
        )
      })
  )

  it.effect("compares all methods at as many calls, whatever the number of updates, and draws few more", () =>
    Effect.gen(function* () {
      const [, , problem] = yield* problemsOf(1)
      for (const updates of [0, 1, 2]) {
        const { attempts, report } = yield* run([problem!], { updates }).pipe(
          Effect.provide(ScriptedModel.respond(pupil([problem!])), { local: true })
        )
        const last = attempts.map((attempt) => (attempt._tag === "Answered" ? attempt.readings.at(-1)!.calls : 0))
        assert.strictEqual(last[0], callsOf(updates))
        for (const calls of last) assert.isAtMost(calls, callsOf(updates) + updates + 1)
        for (const { of, over } of report.equalBudget) assert.strictEqual(of.calls, over.calls)
        assert.strictEqual(report.equalBudget.length, 2)
      }
    })
  )

  it.effect("compares at no fewer calls where a reply of self-critique had to be repaired", () =>
    Effect.gen(function* () {
      const problems = yield* problemsOf(1)
      const say = pupil(problems)
      const { report } = yield* run(problems, { updates: 1 }).pipe(
        Effect.provide(
          ScriptedModel.respond((request) => {
            // only the repair has more than the system's and the user's message
            const isFirst = request.purpose === "optimizer" && request.messages.length === 2
            return isFirst ? "no JSON" : say(request)
          })
        )
      )
      assert.deepStrictEqual(
        report.equalBudget.map(({ of, over }) => [of.calls, over.method]),
        [
          [4, "self-consistency"],
          [4, "reflexion"]
        ]
      )
      for (const { over } of report.equalBudget) assert.isTrue(over.calls >= 4 && over.calls < 5, `${over.calls}`)
    })
  )

  it.effect("asks nothing twice over its journal", () =>
    Effect.gen(function* () {
      const problems = yield* problemsOf(2)
      const records: Array<JournalRecord.Record> = []
      const once = Effect.gen(function* () {
        const model = yield* ScriptedModel
        const found = yield* run(problems).pipe(
          Effect.provide(Models.layer({ forward: model.layer }), { local: true }),
          Effect.provide(Journal.layerMemory(records), { local: true })
        )
        return { ...found, asked: yield* model.calls() }
      }).pipe(Effect.provide(ScriptedModel.respond(pupil(problems)), { local: true }))
      const first = yield* once
      assert.isAbove(first.asked, 90)
      const again = yield* once
      assert.deepStrictEqual(again, { ...first, asked: 0 })
    })
  )

  it.effect(
    "keeps failures apart: a provider's are no answer, a reply that cannot be used ends a trajectory early",
    () =>
      Effect.gen(function* () {
        const problems = yield* problemsOf(1)
        const say = pupil(problems)
        const [two, three] = problems
        const { attempts, report } = yield* run(problems).pipe(
          Effect.provide(
            ScriptedModel.respond((request) => {
              if (request.purpose !== "judge") return say(request)
              if (told(request).includes(two!.question)) return new TextModelError.RateLimited({ message: "slow down" })
              const late = told(request).includes(three!.question) && told(request).includes(three!.steps[1]!)
              return late ? new TextModelError.ReplyCut({ message: "cut", text: "It" }) : say(request)
            })
          )
        )
        const failed = attempts.filter(({ _tag }) => _tag === "Failed")
        assert.deepStrictEqual(failed, [
          { _tag: "Failed", method: "self-critique", index: 0, error: "RateLimited", message: "slow down" },
          { _tag: "Failed", method: "reflexion", index: 0, error: "RateLimited", message: "slow down" }
        ])
        const cut = readingsOf(attempts, "self-critique", 1)
        assert.deepStrictEqual(calls(cut), [1, 3, 4, 4, 4])
        assert.deepStrictEqual(scores(cut), [0, 0, 0, 0, 0])
        assert.deepStrictEqual(
          cut.map(({ note }) => note),
          [undefined, undefined, ...Array(3).fill("ended early: cut")]
        )
        assert.deepStrictEqual(
          report.methods.map(({ errors, n }) => [n, errors]),
          [
            [2, 1],
            [3, 0],
            [2, 1]
          ]
        )
      })
  )
})

describe("a study as TextGrad runs it", () => {
  it.effect("asks for free text, and takes the letter after the first 'Answer:', whose capital counts", () =>
    Effect.gen(function* () {
      const form = Form.textgradChoice
      const examples = ["first", "small", "none"].map((question) => ({
        id: question,
        question,
        choices: ["one", "two", "three", "four"],
        answer: "C"
      }))
      const study = Answering.study({ name: "choices", examples, form, updates: 0, replies: "last line" })
      const { readings } = yield* Comparison.run(
        { ...study, methods: study.methods.slice(0, 1) },
        {
          onAttempt: (attempt) =>
            Effect.sync(() => {
              const answers = attempt._tag === "Answered" ? attempt.readings.map(({ answer }) => answer) : []
              assert.deepStrictEqual(answers, Array(2).fill(["C", "c", "no letter"][attempt.index]))
            })
        }
      )
      assert.deepStrictEqual(
        readings.map(({ score }) => score.mean),
        [1 / 3, 1 / 3]
      )
    }).pipe(
      Effect.provide(
        ScriptedModel.respond((request) => {
          assert.isUndefined(request.output)
          assert.include(told(request), 'the last line is "Answer: "')
          if (told(request).includes("first")) return "Answer: C, I thought.\nAnswer: A"
          return told(request).includes("small") ? "Answer: c" : "It is three."
        })
      )
    )
  )
})

describe("the word problems as a task", () => {
  it.effect("need no data, are those of their seed, and are right by their number", () =>
    Effect.gen(function* () {
      const study = yield* Answering.wordProblems({ limit: 5, seed: 3, updates: 1 })
      assert.deepStrictEqual((yield* Answering.wordProblems({ limit: 5, seed: 3 })).examples, study.examples)
      assert.notDeepEqual((yield* Answering.wordProblems({ limit: 5, seed: 4 })).examples, study.examples)
      assert.strictEqual(new Set(study.examples.map(({ id }) => id)).size, 5)
      for (const row of study.examples) {
        assert.strictEqual((yield* study.grade(row.answer, row)).score, 1)
        assert.strictEqual((yield* study.grade(`${Number(row.answer) + 1}`, row)).score, 0)
        assert.strictEqual((yield* study.grade("", row)).score, 0)
      }
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )
})
