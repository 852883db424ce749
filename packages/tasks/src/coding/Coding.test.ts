import { spawnSync } from "node:child_process"
import {
  Evaluation,
  Message,
  Parameters,
  type Request,
  TextModelError,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { Bubblewrap, CodeRunner } from "@backprose/sandbox"
import { Replies, type Respond, ScriptedModel } from "@backprose/testing"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { Problem } from "../format/Problem.ts"
import type { Attempt } from "../study/Attempt.ts"
import * as Comparison from "../study/Comparison.ts"
import * as BestOf from "./BestOf.ts"
import * as Coder from "./Coder.ts"
import * as CoderTask from "./CoderTask.ts"
import * as Coding from "./Coding.ts"
import * as Exercises from "./exercises/Exercises.ts"
import * as Gap from "./Gap.ts"
import * as Reflexion from "./Reflexion.ts"
import * as SelfRepair from "./SelfRepair.ts"

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: runs of the code application, since there is no bubblewrap here")

const problems = Exercises.all("python").slice(0, 4)
const told = (request: Request.Request) => request.messages.map(Message.text).join("\n")
const asked = (request: Request.Request) =>
  problems.findIndex(({ entryPoint }) => told(request).includes(`defines \`${entryPoint}\``))

const nothing = (name: string) => `def ${name}(*args):\n    return None\n`

/** Code that knows what the failed tests expect, and nothing else. */
const byHeart = (name: string, results: string) => {
  const cases = [...results.matchAll(/assert \w+\((.*)\) == (.*)$/gm)].map(
    ([, args, result]) => `    if list(args) == [${args}]:\n        return ${result}\n`
  )
  return `def ${name}(*args):\n${cases.join("")}`
}

/**
 * A coder who first writes nothing of use. Told what failed, on every other problem it understands and writes the right code;
 * on the others it learns the failed tests by heart.
 */
const student = (request: Request.Request) => {
  const index = asked(request)
  const { entryPoint, reference } = problems[index]!
  const understands = index % 2 === 0
  if (request.purpose === "judge") return "It gives nothing back."
  if (request.purpose === "optimizer") {
    return Replies.edit(understands ? reference! : byHeart(entryPoint, told(request)))(request)
  }
  if (request.output === undefined) return "I gave nothing back."
  const learned = told(request).includes("What went wrong in try 1") || request.sample === 2
  return { code: learned && understands ? reference! : nothing(entryPoint) }
}

describe.skipIf(!jailed)("the code study", () => {
  layer(Bubblewrap.layer())((it) => {
    it.effect(
      "takes a coder from nothing to what it understands, asks no more once public tests pass, and tells how much is by heart",
      () =>
        Effect.gen(function* () {
          const two = problems.slice(0, 2)
          const study = Coding.study({ name: "exercises", problems: two, updates: 1 })
          const attempts: Array<Attempt> = []
          const report = yield* Comparison.run(study, {
            concurrency: 2,
            onAttempt: (attempt) => Effect.sync(() => attempts.push(attempt))
          })
          assert.deepStrictEqual(
            report.readings.map(({ calls, method, reading, score }) => [method, reading, score.mean, calls]),
            [
              ["self-repair", "zero-shot", 0, 1],
              ["self-repair", "after update 1", 0.5, 3],
              ["self-repair", "best by public tests", 0.5, 3],
              ["best-of-n", "zero-shot", 0, 1],
              ["best-of-n", "best of 2", 0, 2],
              ["best-of-n", "best of 3", 0.5, 3],
              ["reflexion", "zero-shot", 0, 1],
              ["reflexion", "after retry 1", 0.5, 3]
            ]
          )
          const requests = yield* Effect.flatMap(ScriptedModel, (model) => model.requests)
          assert.strictEqual(requests.length, 2 * 3 + 2 * 3 + 2 * 3)
          // hidden tests are for grading only
          for (const request of requests) {
            for (const test of problems[asked(request)]!.hiddenTests) assert.notInclude(told(request), test)
          }
          const gaps = yield* Gap.lines(two, attempts)
          const of = (method: string, reading: string) =>
            gaps.find((line) => line.method === method && line.reading === reading)?.gap
          assert.strictEqual(gaps.length, report.readings.length)
          const none = { n: 2, public: 0, hidden: 0, gap: 0, overfitted: [] }
          assert.deepStrictEqual(of("self-repair", "zero-shot"), none)
          assert.deepStrictEqual(of("self-repair", "after update 1"), {
            n: 2,
            public: 1,
            hidden: 0.5,
            gap: 0.5,
            overfitted: [problems[1]!.id]
          })
          assert.deepStrictEqual(of("best-of-n", "best of 3"), { ...none, public: 0.5, hidden: 0.5 })
        }).pipe(Effect.provide(ScriptedModel.respond(student))),
      { timeout: 60_000 }
    )

    it.effect(
      "shows the critic the problem, the code and each test with what happened, and the editor what the critic said",
      () =>
        Effect.gen(function* () {
          const problem = problems[0]!
          yield* SelfRepair.method({ updates: 1 }).run(problem)
          const requests = yield* Effect.flatMap(ScriptedModel, (model) => model.requests)
          assert.deepStrictEqual(
            requests.map(({ purpose }) => purpose),
            ["forward", "judge", "optimizer"]
          )
          const [, judge, editor] = requests.map(told)
          for (const shown of [problem.prompt.trim(), nothing(problem.entryPoint).trim()]) assert.include(judge!, shown)
          for (const test of problem.publicTests) {
            const expected = /== (.*)$/.exec(test)![1]
            for (const text of [judge!, editor!])
              assert.include(text, `- failed, got None, expected ${expected!.replaceAll('"', "'")}: ${test}`)
          }
          assert.include(editor!, "It gives nothing back.")
        }).pipe(Effect.provide(ScriptedModel.respond(student)))
    )

    it.effect(
      "hands out the best of its versions where a later one is worse, or cannot be read: then it says why it ended",
      () =>
        Effect.gen(function* () {
          const { entryPoint, publicTests } = problems[0]!
          const [first] = publicTests
          const half = byHeart(entryPoint, first!)
          const edits = (second: Respond) => (request: Request.Request) => {
            if (request.purpose !== "optimizer") return student(request)
            return told(request).includes("if list(args)") ? second(request) : Replies.edit(half)(request)
          }
          const method = SelfRepair.method({ updates: 2 })
          const worse = yield* method
            .run(problems[0]!)
            .pipe(Effect.provide(ScriptedModel.respond(edits(Replies.edit(nothing(entryPoint))))))
          assert.deepStrictEqual(
            worse.map(({ answer, calls, note }) => [answer, calls, note]),
            [
              [nothing(entryPoint), 1, undefined],
              [half, 3, undefined],
              [nothing(entryPoint), 5, undefined],
              [half, 5, undefined]
            ]
          )
          const cut = new TextModelError.ReplyCut({ message: "cut off", text: "def" })
          const ended = yield* method.run(problems[0]!).pipe(Effect.provide(ScriptedModel.respond(edits(() => cut))))
          assert.deepStrictEqual(
            ended.map(({ answer, note }) => [answer, note]),
            [
              [nothing(entryPoint), undefined],
              [half, undefined],
              [half, "ended early: cut off"],
              [half, "ended early: cut off"]
            ]
          )
        })
    )

    it.effect("leaves out a sample that cannot be read, and draws the next", () =>
      Effect.gen(function* () {
        const readings = yield* BestOf.method({ samples: 3 }).run(problems[0]!)
        assert.deepStrictEqual(
          readings.map(({ answer, calls, note }) => [answer === problems[0]!.reference, calls, note]),
          [
            [false, 1, undefined],
            [false, 2, undefined],
            [true, 3, undefined]
          ]
        )
      }).pipe(
        Effect.provide(
          ScriptedModel.respond((request) =>
            request.sample === 1 ? new TextModelError.ReplyCut({ message: "cut", text: "def" }) : student(request)
          )
        )
      )
    )

    it.effect("is graded by the hidden tests alone, or by the public ones where there are no others", () =>
      Effect.gen(function* () {
        const { grade } = Coding.study({ name: "exercises", problems })
        const problem = problems[0]!
        const right = problem.reference!
        const wrong = ["assert runs('') == 'what the description shows by mistake'"]
        const score = (solution: string, tests: Partial<Problem>) =>
          Effect.map(grade(solution, { ...problem, ...tests }), ({ score }) => score)
        assert.strictEqual(yield* score(right, { publicTests: wrong }), 1)
        assert.strictEqual(yield* score(nothing(problem.entryPoint), { publicTests: [] }), 0)
        assert.strictEqual(yield* score(right, { hiddenTests: [] }), 1)
        assert.strictEqual(yield* score(right, { hiddenTests: [], publicTests: wrong }), 0)
      }).pipe(Effect.provide(ScriptedModel.respond(student)))
    )

    it.effect("measures no gap on problems that lack public or hidden tests, and counts them apart", () =>
      Effect.gen(function* () {
        const [whole, bare, open] = problems
        const answers = [
          { problem: whole!, answer: byHeart(whole!.entryPoint, whole!.publicTests.join("\n")) },
          { problem: { ...bare!, publicTests: [] }, answer: nothing(bare!.entryPoint) },
          { problem: { ...open!, hiddenTests: [] }, answer: open!.reference! }
        ]
        assert.deepStrictEqual(yield* Gap.measure(answers), {
          n: 1,
          withoutPublic: 1,
          withoutHidden: 1,
          public: 1,
          hidden: 0,
          gap: 1,
          overfitted: [whole!.id]
        })
      })
    )

    it.effect("starts no program of hidden tests before it grades", () =>
      Effect.gen(function* () {
        const { languages, run } = yield* CodeRunner
        const sources: Array<string> = []
        const watching = CodeRunner.of({
          languages,
          run: (program) =>
            Effect.andThen(
              Effect.sync(() => sources.push(`${program.source}${program.stdin}`)),
              run(program)
            )
        })
        const { grade, methods } = Coding.study({ name: "exercises", problems, updates: 1 })
        const problem = problems[1]!
        const watched = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, CodeRunner, watching)
        const hidden = (source: string) => problem.hiddenTests.some((test) => source.includes(JSON.stringify(test)))
        for (const method of methods) yield* watched(method.run(problem))
        assert.isTrue(sources.length > 4 && !sources.some(hidden))
        assert.strictEqual((yield* watched(grade(nothing(problem.entryPoint), problem))).score, 0)
        assert.isTrue(hidden(sources.at(-1)!))
      }).pipe(Effect.provide(ScriptedModel.respond(student)))
    )
  })
})

/** Writes right code as soon as its instructions tell to give something back; as critic and editor, passes that on. */
const apprentice = (request: Request.Request) => {
  const rule = "Always give the result back."
  if (request.purpose === "backward") return Replies.criticism(rule)(request)
  if (request.purpose === "optimizer") return Replies.edit(`Write the function. ${rule}`)(request)
  const { entryPoint, reference } = problems[asked(request)]!
  return { code: Message.text(request.messages[0]!).includes(rule) ? reference! : nothing(entryPoint) }
}

describe.skipIf(!jailed)("the coder's task", () => {
  layer(Bubblewrap.layer())((it) => {
    const [a, b, c, d] = problems
    const task = CoderTask.make({ name: "coder", train: [a!, b!], validation: [c!], test: [d!] })

    it.effect("measures the share of all tests, and its feedback names those that failed, with what came out", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* task.metric({ code: a!.reference! }, a!), { score: 1, feedback: "" })
        const { feedback, score } = yield* task.metric({ code: nothing(a!.entryPoint) }, a!)
        assert.strictEqual(score, 0)
        assert.include(feedback, "failed 9 of 9 tests, the first 3")
        assert.include(feedback, `${a!.publicTests[0]}\ngot None, expected [['a', 2], ['b', 1]]`)
      }).pipe(Effect.provide(ScriptedModel.layer([])))
    )

    it.effect("learns instructions that help with problems it has not seen, from the tests of those it has", () =>
      Effect.gen(function* () {
        const score = (parameters: typeof task.parameters) => Evaluation.run(task, parameters, task.test)
        assert.deepStrictEqual(Parameters.save(task.parameters), { instructions: "Write the function." })
        assert.strictEqual((yield* score(task.parameters)).interval?.mean, 0)
        const learned = yield* Trainer.fit(task, { seed: 0, steps: 1, batchSize: 2 }).pipe(Trainer.result(task))
        assert.strictEqual((yield* score(learned)).interval?.mean, 1)
      }).pipe(
        Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
        Effect.provide(ScriptedModel.respond(apprentice))
      )
    )
  })
})

describe("the methods of the code study", () => {
  it("take what the paper takes, unless something else is said: 5 updates, and the others as many calls", () => {
    const { methods } = Coding.study({ name: "exercises", problems })
    assert.deepStrictEqual(
      methods.map(({ about }) => /up to (\d+) \w+/.exec(about)?.[0]),
      ["up to 5 updates", "up to 11 solutions", "up to 5 retries"]
    )
    assert.deepStrictEqual(
      [SelfRepair.method(), BestOf.method(), Reflexion.method()].map(({ about }) => about),
      methods.map(({ about }) => about)
    )
  })
})

describe("the statement of a problem", () => {
  const problem = problems[0]!
  it("holds the language, the name and the public tests, and no hidden one", () => {
    const text = Coder.statement(problem)
    assert.include(text, "in Python that defines `runs`")
    for (const test of problem.publicTests) assert.include(text, test)
    for (const test of problem.hiddenTests) assert.notInclude(text, test)
  })
})
