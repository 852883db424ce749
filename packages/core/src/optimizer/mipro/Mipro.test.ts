import { Laws, Replies, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Stream } from "effect"
import * as GradientMap from "../../autograd/GradientMap.ts"
import type { Candidate } from "../../candidate/Candidate.ts"
import * as Evaluation from "../../evaluation/Evaluation.ts"
import * as Generate from "../../generate/Generate.ts"
import * as Variable from "../../graph/Variable.ts"
import * as Message from "../../model/Message.ts"
import * as Template from "../../operation/Template.ts"
import * as Demonstrations from "../../parameter/Demonstrations.ts"
import * as Parameter from "../../parameter/Parameter.ts"
import * as Parameters from "../../parameter/Parameters.ts"
import * as ValidationGate from "../../selector/ValidationGate.ts"
import * as Example from "../../task/Example.ts"
import * as Task from "../../task/Task.ts"
import * as Teacher from "../../training/Teacher.ts"
import * as Trainer from "../../training/Trainer.ts"
import { type Evidence, Optimizer, type ProposalRequest } from "../Optimizer.ts"
import * as Mipro from "./Mipro.ts"

const student = StudentModel.task({ seed: 4 })
const task = Task.make({
  name: "student with demonstrations",
  parameters: Parameters.make({
    instructions: Parameter.text("Answer the message with its code.", {
      role: "instructions of the student",
      constraints: ["at most 50 words"]
    }),
    examples: Parameter.demonstrations({ role: "messages with their codes" })
  }),
  forward: (p, { message }: StudentModel.Example) =>
    Generate.text({
      system: Template.make`${p.instructions}\n\n${Demonstrations.render(p.examples)}`,
      prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
      role: "answer to the message"
    }),
  metric: (answer, example) =>
    answer === example.answer ? 1 : { score: 0, feedback: `It is ${example.answer}, not that.` },
  train: student.train,
  validation: student.validation,
  test: student.test
})
const rules = [
  ...new Set(student.train.map(({ answer, topic }) => `Messages about [${topic}] are answered with [${answer}].`))
]
const informed = Parameters.replace(task.parameters, new Map([["instructions", rules.join("\n")]]))

const evidence = (parameters: typeof task.parameters, ...places: ReadonlyArray<number>) =>
  Effect.forEach(places, (place) =>
    Effect.map(Example.differentiable(task, parameters, task.train[place]!, place), ({ loss, result }): Evidence => {
      assert(loss !== undefined && result._tag === "Scored")
      return { example: place, loss, output: result.output, score: result.score, feedback: result.feedback }
    })
  ).pipe(Effect.provide(StudentModel.layer()))

/** Two right, two wrong. */
const shown = Effect.map(Effect.all([evidence(informed, 0, 1), evidence(task.parameters, 2, 3)]), (all) => all.flat())

const propose = (knowledge: Partial<ProposalRequest> = {}) =>
  Effect.flatMap(shown, (evidence) =>
    Optimizer.propose(task.parameters, GradientMap.empty, { evidence, ...knowledge })
  ).pipe(Random.withSeed(`mipro ${knowledge.step}`))

const asked = Effect.map(
  Effect.flatMap(ScriptedModel, ({ requests }) => requests),
  (requests) =>
    requests.map(({ messages, output }) => ({
      kind: output === undefined ? "summary" : "edit",
      text: Message.text(messages.at(-1)!)
    }))
)

const answered = Effect.provide(
  ScriptedModel.respond((request) =>
    request.output === undefined ? "Short messages of customers." : Replies.edit("Answer with a code.")(request)
  )
)

const set = (name: string) => [{ input: name, output: name }]

/** What was tried, with scores where there are some. */
const history = (
  ...all: ReadonlyArray<readonly [instructions: string, examples: string, score?: number]>
): ReadonlyArray<Candidate> =>
  all.map(([instructions, name, score], id) => ({
    id,
    step: id,
    values: { instructions, examples: set(name) },
    ...(score === undefined ? {} : { scores: [score] })
  }))

describe("the laws of optimizers hold for", () => {
  it.effect("joint search", () => Laws.optimizer(Mipro.layer(), { runs: 40 }))
  it.effect("joint search that soon combines", () => Laws.optimizer(Mipro.layer({ candidates: 2 }), { runs: 40 }))
})

describe("joint search, proposing", () => {
  it.effect("grounds instructions in a summary, the shape of the program, cases done right and a tip", () =>
    Effect.gen(function* () {
      const { values } = yield* propose({ step: 1, sample: 1 })
      assert.strictEqual(values.get("instructions"), "Answer with a code.")
      const [summary, edit, ...more] = yield* asked
      assert.deepStrictEqual([summary!.kind, edit!.kind, more.length], ["summary", "edit", 0])
      for (const { message } of student.train.slice(0, 4)) assert.include(summary!.text, message)
      // a wrong output is no example of what outputs look like, and what was said about it is not looked at
      assert.strictEqual(summary!.text.split("Right output:").length - 1, 2)
      for (const text of [summary!.text, edit!.text]) assert.notInclude(text, "not that")
      for (const text of [
        "Short messages of customers.",
        `- "answer to the message" is made by a language model from the trainable "instructions of the student"`,
        student.train[0]!.message,
        "Tip: Be brief",
        "- at most 50 words"
      ]) {
        assert.include(edit!.text, text)
      }
      assert.notInclude(edit!.text, student.train[2]!.message)
    }).pipe(Effect.provide(Mipro.layer()), answered)
  )

  it.effect("draws demonstrations from what came out right", () =>
    Effect.gen(function* () {
      const { demonstrated, values } = yield* propose({ step: 1 })
      // whose examples are no evidence for it
      assert.deepStrictEqual(demonstrated, [0, 1])
      const drawn = values.get("examples") as Demonstrations.Demonstrations
      assert.deepStrictEqual(
        drawn.map(({ input }) => input).sort(),
        [student.train[0]!.message, student.train[1]!.message].sort()
      )
    }).pipe(Effect.provide(Mipro.layer()), answered)
  )

  it.effect("has the data summarised once, and every proposal in its own words", () =>
    Effect.gen(function* () {
      for (const step of [1, 2, 3]) yield* propose({ step, sample: 0 })
      for (const sample of [1, 2]) yield* propose({ step: 4, sample })
      const all = yield* asked
      assert.strictEqual(all.filter(({ kind }) => kind === "summary").length, 1)
      const tips = all.flatMap(({ kind, text }) => (kind === "edit" ? [/^Tip: .*$/m.exec(text)?.[0]] : []))
      // nothing came of the first three steps: the next is told otherwise
      assert.isUndefined(tips[0])
      assert.strictEqual(new Set(tips).size, 5)
    }).pipe(Effect.provide(Mipro.layer()), answered)
  )
})

describe("joint search, combining", () => {
  // six seen, and so nothing new is asked for: 3 instructions, 3 sets of demonstrations, 3 of 9 combinations not tried
  const six = history(["a", "x", 0.1], ["a", "y", 0.2], ["b", "x", 0.5], ["b", "y", 0.9], ["c", "z", 0.1], ["a", "z"])
  const all = Effect.map(shown, (evidence) => ({ evidence, lineage: six }))

  it.effect("takes versions that are known but were not tried together, and asks no model", () =>
    Effect.gen(function* () {
      const knowledge = yield* all
      const current = Parameters.replace(
        task.parameters,
        new Map<string, unknown>([
          ["instructions", "a"],
          ["examples", set("x")]
        ])
      )
      const proposals = yield* Effect.forEach(
        Array.from({ length: 40 }, (_, seed) => seed),
        (seed) =>
          Optimizer.propose(current, GradientMap.empty, knowledge).pipe(
            Random.withSeed(seed),
            Effect.map(({ values }) => {
              const [demonstration] = values.get("examples") as Demonstrations.Demonstrations
              return `${values.get("instructions")}${demonstration!.input}`
            })
          )
      )
      assert.deepStrictEqual([...new Set(proposals)].sort(), ["bz", "cx", "cy"])
      // the better half says "b": so that comes up more often than the others
      assert.isAbove(proposals.filter((combination) => combination === "bz").length, 20)
    }).pipe(Effect.provide(Mipro.layer({ candidates: 5 })), Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("says which examples a combination shows that were not shown before", () =>
    Effect.gen(function* () {
      const { evidence } = yield* all
      const lineage = history(["a", "x"], ["b", student.train[0]!.message], ["b", "x"])
      const parameters = Parameters.replace(task.parameters, new Map([["examples", set("x")]]))
      const proposals = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, seed) => seed),
        (seed) => Optimizer.propose(parameters, GradientMap.empty, { evidence, lineage }).pipe(Random.withSeed(seed))
      )
      const isNew = proposals.filter(
        ({ values }) => JSON.stringify(values.get("examples")) !== JSON.stringify(set("x"))
      )
      assert.isAbove(isNew.length, 0)
      for (const { demonstrated, values } of isNew) {
        assert.deepStrictEqual(values.get("examples"), set(student.train[0]!.message))
        assert.deepStrictEqual(demonstrated, [0])
      }
    }).pipe(Effect.provide(Mipro.layer({ candidates: 1 })), Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("proposes anew where all that is known was tried together", () =>
    Effect.gen(function* () {
      const { evidence } = yield* all
      const lineage = history(["Answer the message with its code.", "x", 0.1], ["b", "x", 0.2])
      const parameters = Parameters.replace(task.parameters, new Map([["examples", set("x")]]))
      const { values } = yield* Optimizer.propose(parameters, GradientMap.empty, { evidence, lineage })
      assert.strictEqual(values.get("instructions"), "Answer with a code.")
    }).pipe(Effect.provide(Mipro.layer({ candidates: 1 })), answered)
  )
})

describe("a whole run with joint search", () => {
  it.effect("reaches full score by demonstrations of a teacher, without a single call of a critic", () =>
    Effect.gen(function* () {
      const lessons = yield* Teacher.lessons(task, { parameters: informed })
      const events = yield* Trainer.fit(task, { steps: 30 }).pipe(
        Stream.runCollect,
        Effect.provide([Mipro.layer({ lessons, demonstrations: 8 }), ValidationGate.layer()])
      )
      const learned = yield* Trainer.result(task)(Stream.fromIterable(events))
      const { interval } = yield* Evaluation.run(task, learned, task.test)
      assert.strictEqual(interval!.mean, 1)
      assert.strictEqual(yield* (yield* ScriptedModel).calls("backward"), 0)
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})
