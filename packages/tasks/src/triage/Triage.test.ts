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
import * as Tickets from "./Tickets.ts"
import * as Triage from "./Triage.ts"

const sizes = { train: 48, validation: 18, test: 30 }

/** How often each value occurs. */
const counts = (values: ReadonlyArray<string>) =>
  Tickets.codes.map((code) => values.filter((value) => value === code).length)

describe("the tickets", () => {
  it.effect("are the same for the same seed, however many are drawn, and others for another", () =>
    Effect.gen(function* () {
      const first = yield* Tickets.generate(300, 1)
      assert.deepStrictEqual(yield* Tickets.generate(300, 1), first)
      assert.deepStrictEqual(yield* Tickets.generate(40, 1), first.slice(0, 40))
      const known = new Set(first.map(({ ticket }) => ticket))
      const fresh = (yield* Tickets.generate(300, 2)).filter(({ ticket }) => !known.has(ticket))
      assert.isAbove(fresh.length, 150)
    })
  )

  it.effect("are all distinct, thousands of them, and balanced at any place where the set is cut", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < 5; seed++) {
        const tickets = yield* Tickets.generate(3000, seed)
        assert.strictEqual(new Set(tickets.map(({ ticket }) => ticket)).size, 3000)
        for (const [from, to] of [
          [0, 48],
          [48, 66],
          [66, 97],
          [0, 3000]
        ] as const) {
          const of = counts(tickets.slice(from, to).map(({ code }) => code))
          assert.isAtMost(Math.max(...of) - Math.min(...of), 1)
        }
      }
    })
  )

  it.effect("have no slot left open, and never give their code away", () =>
    Effect.gen(function* () {
      for (const { ticket } of yield* Tickets.generate(1000, 3)) {
        assert.notMatch(ticket, /[{}]|undefined|^\s|\s$|\s\s/)
        for (const code of Tickets.codes) assert.notMatch(ticket, new RegExp(`\\b${code}\\b`))
      }
    })
  )

  it.effect("of each code come in many wordings", () =>
    Effect.gen(function* () {
      const tickets = yield* Tickets.generate(600, 4)
      for (const code of Tickets.codes) {
        const words = new Set(
          tickets
            .filter((one) => one.code === code)
            .flatMap(({ ticket }) => ticket.toLowerCase().match(/[a-z]+/g) ?? [])
        )
        assert.isAbove(words.size, 60, code)
      }
    })
  )
})

describe("the triage task", () => {
  it.effect("has sets of the sizes asked for that share no ticket, each with all codes in equal parts", () =>
    Effect.gen(function* () {
      const task = yield* Triage.make(sizes, 7)
      const sets: ReadonlyArray<ReadonlyArray<Tickets.Ticket>> = [task.train, task.validation, task.test]
      assert.deepStrictEqual(
        sets.map(({ length }) => length),
        [48, 18, 30]
      )
      assert.strictEqual(new Set(sets.flat().map(({ ticket }) => ticket)).size, 96)
      assert.deepStrictEqual(
        sets.map((set) => counts(set.map(({ code }) => code))),
        [8, 3, 5].map((n) => Array(6).fill(n))
      )
      assert.deepStrictEqual((yield* Triage.make(sizes, 7)).train, task.train)
      assert.notDeepEqual((yield* Triage.make(sizes, 8)).train, task.train)
    })
  )

  it.effect("starts from an instruction that names no code", () =>
    Effect.gen(function* () {
      const { parameters } = yield* Triage.make(sizes, 7)
      const instructions = JSON.stringify(Parameters.save(parameters))
      for (const code of Tickets.codes) assert.notInclude(instructions, code)
    })
  )

  it.effect("measures the exact code, and its feedback carries the code that was wanted", () =>
    Effect.gen(function* () {
      const task = yield* Triage.make(sizes, 7)
      for (const code of Tickets.codes) {
        const ticket: Tickets.Ticket = { ticket: "x", code }
        for (const label of [code, ` ${code}\n`]) {
          assert.deepStrictEqual(yield* task.metric({ label }, ticket), { score: 1, feedback: "" })
        }
        for (const label of ["Billing", code.toLowerCase(), `${code}.`, "", "BIL, SHP, ACC, TEC, RMA, FBK"]) {
          const { feedback, score } = yield* task.metric({ label }, ticket)
          assert.strictEqual(score, 0)
          assert.include(feedback, `must get the label ${code}`)
        }
      }
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )
})

const last = (request: Request.Request) => Message.text(request.messages.at(-1)!)
const words = (text: string) => new Set(text.toLowerCase().match(/[a-z]{4,}/g) ?? [])

/** How much two tickets have in common, 0 to 1. */
const similarity = (a: string, b: string) => {
  const [one, two] = [words(a), words(b)]
  const common = [...one].filter((word) => two.has(word)).length
  return common / (one.size + two.size - common || 1)
}

const rule = /Tickets such as "(.*)" get the label ([A-Z]{3})\./g
const rules = (text: string) => [...text.matchAll(rule)]

/**
 * A clerk in all roles: labels a ticket as the most similar one that its instructions show; as critic shows the ticket with
 * the label that the feedback states; as editor appends what is new.
 */
const clerk = (request: Request.Request) => {
  const { properties = {} } = (request.output?.jsonSchema ?? {}) as { properties?: Record<string, unknown> }
  const everywhere = (text: string) => Object.fromEntries(Object.keys(properties).map((key) => [key, text]))
  const told = last(request)
  if (request.purpose === "forward") {
    const known = rules(Message.text(request.messages[0]!)).map(([, ticket, code]) => ({
      code: code!,
      like: similarity(ticket!, told)
    }))
    return { label: known.sort((a, b) => b.like - a.like)[0]?.code ?? "General" }
  }
  if (request.purpose === "backward") {
    const ticket = /Ticket: (?:<[^>]*>\s*)?([^\n]*)/.exec(told)?.[1]
    const code = /must get the label ([A-Z]{3})/.exec(told)?.[1]
    return everywhere(`Tickets such as "${ticket}" get the label ${code}.`)
  }
  const value = /<value-(\w+)>\n([\s\S]*?)\n<\/value-\1>/.exec(told)?.[2] ?? ""
  const added = new Set(rules(told.slice(told.indexOf("# Feedback"))).map(([text]) => text))
  return { ...everywhere(""), value: [value, ...[...added].filter((text) => !value.includes(text))].join("\n") }
}

describe("an offline optimisation of triage", () => {
  it.effect("takes a clerk who knows no code to most of the held-out tickets, for each seed", () =>
    Effect.gen(function* () {
      for (const seed of [0, 1, 2]) {
        const task = yield* Triage.make(sizes, seed)
        const test = (parameters: typeof task.parameters) => Evaluation.run(task, parameters, task.test)
        const before = yield* test(task.parameters)
        assert.deepStrictEqual([before.interval?.mean, before.errors], [0, 0])
        const learned = yield* Trainer.fit(task, { seed, steps: 6, batchSize: 8 }).pipe(Trainer.result(task))
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
