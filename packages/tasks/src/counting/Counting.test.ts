import {
  Evaluation,
  Message,
  Parameters,
  type Request,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLinesIn, published } from "../../fixture/published.ts"
import * as Counting from "./Counting.ts"
import * as Inventories from "./Inventories.ts"

const sizes = { train: 48, validation: 12, test: 24 }

const numbers = ["zero", "one", "two", "three", "four", "five"]

/** The things that a question lists, and the kind that it asks for, read without knowing how it was made. */
const read = (question: string) => {
  const things = [...question.matchAll(/\b(one|two|three|four|five) ([a-z]+)/g)].map(([, n, name]) => ({
    n: numbers.indexOf(n!),
    name: name!
  }))
  return { things, kind: /How many ([a-z ]+) is that in all\?$/.exec(question)?.[1] ?? "" }
}

describe("the counting questions", () => {
  it.effect("are the same for the same seed, however many are drawn, and others for another", () =>
    Effect.gen(function* () {
      const first = yield* Inventories.generate(200, 1)
      assert.deepStrictEqual(yield* Inventories.generate(200, 1), first)
      assert.deepStrictEqual(yield* Inventories.generate(30, 1), first.slice(0, 30))
      const known = new Set(first.map(({ question }) => question))
      const fresh = (yield* Inventories.generate(200, 2)).filter(({ question }) => !known.has(question))
      assert.isAbove(fresh.length, 190)
    })
  )

  it.effect("are all distinct, a thousand of them, and right: the answer is the sum of what counts, and no more", () =>
    Effect.gen(function* () {
      const kindOf = new Map<string, string>()
      const questions = yield* Inventories.generate(1000, 3)
      assert.strictEqual(new Set(questions.map(({ question }) => question)).size, 1000)
      for (const { answer, counted, question } of questions) {
        const { kind, things } = read(question)
        const all = things.map(({ n, name }) => `${n} ${name}`)
        assert.isTrue(counted.length > 0 && counted.length < all.length, question)
        for (const thing of counted) assert.include(all, thing, question)
        const sum = things.reduce((total, { n, name }) => total + (counted.includes(`${n} ${name}`) ? n : 0), 0)
        assert.strictEqual(answer, sum, question)
        for (const { n, name } of things) {
          assert.strictEqual(/s$|ves$/.test(name), n > 1, question)
          // a thing is of one kind: it counts in each question after that kind, and in no other
          const counts = counted.includes(`${n} ${name}`)
          if (counts) assert.strictEqual(kindOf.get(name) ?? kind, kind, question)
          if (counts) kindOf.set(name, kind)
          else assert.notStrictEqual(kindOf.get(name), kind, question)
        }
      }
    })
  )

  it.effect("ask for each kind about as often, and no answer is right by itself", () =>
    Effect.gen(function* () {
      const questions = yield* Inventories.generate(1000, 4)
      const share = (values: ReadonlyArray<unknown>) => {
        const distinct = [...new Set(values)]
        return distinct.map((value) => values.filter((one) => one === value).length / values.length)
      }
      const kinds = share(questions.map(({ question }) => read(question).kind))
      assert.strictEqual(kinds.length, 4)
      for (const one of kinds) assert.closeTo(one, 0.25, 0.06)
      const answers = share(questions.map(({ answer }) => answer))
      assert.isAtLeast(answers.length, 8)
      assert.isBelow(Math.max(...answers), 0.3)
    })
  )
})

describe("the counting questions are our own:", () => {
  for (const name of ["bbh-object-counting", "synthetic-object-counting"]) {
    const there = isThere(published(name), `no counting question is a row of ${name}`)
    it.effect.skipIf(!there)(`none of them is a row of ${name}`, () =>
      Effect.gen(function* () {
        const plain = (text: string) =>
          text
            .toLowerCase()
            .replaceAll(/[^a-z]+/g, " ")
            .trim()
        const rows = jsonLinesIn<{ readonly input: string }>(published(name))
        assert.isAbove(rows.length, 20)
        const known = new Set(rows.map(({ input }) => plain(input)))
        for (let seed = 0; seed < 10; seed++) {
          for (const { question } of yield* Inventories.generate(500, seed)) assert.isFalse(known.has(plain(question)))
        }
      })
    )
  }
})

describe("the counting task", () => {
  it.effect("has sets of the sizes asked for that share no question", () =>
    Effect.gen(function* () {
      const task = yield* Counting.make(sizes, 7)
      const sets: ReadonlyArray<ReadonlyArray<Inventories.Inventory>> = [task.train, task.validation, task.test]
      assert.deepStrictEqual(
        sets.map(({ length }) => length),
        [48, 12, 24]
      )
      assert.strictEqual(new Set(sets.flat().map(({ question }) => question)).size, 84)
      assert.deepStrictEqual((yield* Counting.make(sizes, 7)).train, task.train)
      assert.notDeepEqual((yield* Counting.make(sizes, 8)).train, task.train)
    })
  )

  it.effect("starts from an instruction that says nothing of how to count", () =>
    Effect.gen(function* () {
      const { parameters } = yield* Counting.make(sizes, 7)
      assert.deepStrictEqual(Parameters.save(parameters), { instructions: "Answer the question." })
    })
  )

  it.effect("measures the exact number, and its feedback carries the number and what counts", () =>
    Effect.gen(function* () {
      const task = yield* Counting.make(sizes, 7)
      for (const example of task.train) {
        const say = (answer: number) => task.metric({ reasoning: "so", answer }, example)
        assert.deepStrictEqual(yield* say(example.answer), { score: 1, feedback: "" })
        for (const wrong of [example.answer + 1, -example.answer, 0]) {
          const { feedback, score } = yield* say(wrong)
          assert.strictEqual(score, 0)
          assert.include(feedback, `must be ${example.answer}`)
          for (const thing of example.counted) assert.include(feedback, thing)
        }
      }
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )
})

const rules = (text: string) => [...text.matchAll(/Count as ([a-z ]+): ([a-z, ]+)\./g)]

/**
 * A clerk in all roles: counts the things that its instructions list for the kind asked for, and all things where they
 * list none; as critic lists what the feedback says counts; as editor appends what is new.
 */
const clerk = (request: Request.Request) => {
  const { properties = {} } = (request.output?.jsonSchema ?? {}) as { properties?: Record<string, unknown> }
  const everywhere = (text: string) => Object.fromEntries(Object.keys(properties).map((key) => [key, text]))
  const told = Message.text(request.messages.at(-1)!)
  if (request.purpose === "forward") {
    const { kind, things } = read(told)
    const listed = new Set(
      rules(Message.text(request.messages[0]!)).flatMap(([, of, names]) => (of === kind ? names!.split(", ") : []))
    )
    const counting = things.filter(({ name }) => listed.size === 0 || listed.has(name))
    return { reasoning: "so", answer: counting.reduce((sum, { n }) => sum + n, 0) }
  }
  if (request.purpose === "backward") {
    const kind = /How many ([a-z ]+) is that in all\?/.exec(told)?.[1]
    const names = / count: ([^=]*) = /.exec(told)?.[1]?.replaceAll(/\d+ /g, "").replaceAll(" + ", ", ")
    return everywhere(`Count as ${kind}: ${names}.`)
  }
  const value = /<value-(\w+)>\n([\s\S]*?)\n<\/value-\1>/.exec(told)?.[2] ?? ""
  const added = new Set(rules(told.slice(told.indexOf("# Feedback"))).map(([text]) => text))
  return { ...everywhere(""), value: [value, ...[...added].filter((text) => !value.includes(text))].join("\n") }
}

describe("an offline optimisation of counting", () => {
  it.effect("takes a clerk who counts everything to most of the held-out questions, for each seed", () =>
    Effect.gen(function* () {
      for (const seed of [0, 1, 2]) {
        const task = yield* Counting.make(sizes, seed)
        const test = (parameters: typeof task.parameters) => Evaluation.run(task, parameters, task.test)
        const before = yield* test(task.parameters)
        assert.deepStrictEqual([before.interval?.mean, before.errors], [0, 0])
        const learned = yield* Trainer.fit(task, { seed, steps: 12, batchSize: 4 }).pipe(Trainer.result(task))
        const after = yield* test(learned)
        assert.strictEqual(after.errors, 0)
        assert.isAbove(after.interval!.mean, 0.6)
        assert.isAbove(after.interval!.low, before.interval!.high)
      }
    }).pipe(
      Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
      Effect.provide(ScriptedModel.respond(clerk))
    )
  )
})
