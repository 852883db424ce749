import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../../fixture/runs.ts"
import * as Variable from "../../graph/Variable.ts"
import * as ValidationGate from "../../selector/ValidationGate.ts"
import * as Trainer from "../../training/Trainer.ts"
import { type Evidence, Optimizer } from "../Optimizer.ts"
import { answers } from "./answers.ts"
import * as Checks from "./Checks.ts"

const evidence = (example: number, input: string, feedback = ""): Evidence => ({
  example,
  loss: Variable.applied({
    value: 0,
    role: "judgement",
    name: "Loss",
    inputs: [Variable.constant(input, "message")],
    pullback: undefined
  }),
  output: "out",
  score: 0,
  feedback
})

const letter = "Dear council, the bar below us plays music until four in the morning."
const shown = [
  evidence(3, letter, `Not "Complaints": ${letter.toUpperCase()}`),
  evidence(5, "Something else, and short.")
]

const problem = (before: unknown, after: unknown, options: Partial<Checks.Options> = {}) =>
  Checks.look([{ parameter: "p", before, after }], shown, { ...Checks.defaults, ...options }).problem

describe("a proposed text is dropped", () => {
  it("where it speaks of how it was made", () => {
    for (const text of [
      "Answer. As the feedback above says, name the tray.",
      "Follow the textual gradient.",
      "Do better than the earlier version.",
      "As an AI language model, I sort letters.",
      "Here is the improved prompt: Sort the letter.",
      "Here's a revised version:\nSort.",
      "What the critic said holds.",
      "Sort. </feedback-abc123>",
      "Say it as in the worked example."
    ]) {
      assert.match(problem("Answer.", text) ?? "", /^"p" says ".+": words about how it was made/, text)
      assert.isUndefined(problem("Answer.", text, { jargon: "off" }))
    }
  })

  it("and not where these words belong to the task", () => {
    assert.isUndefined(problem("Describe the gradient.", "Describe the gradients in short."))
    const film = [evidence(1, "Who was the critic of the film?")]
    const change = { parameter: "p", before: "Answer.", after: "Name the critic." }
    assert.isUndefined(Checks.look([change], film, Checks.defaults).problem)
  })

  it("nor where they only look like it", () => {
    for (const text of [
      "Give feedback on the essay.",
      "Criticise the text.",
      "Here is what to do: sort.",
      "Say <value>."
    ]) {
      assert.isUndefined(problem("Answer.", text), text)
    }
  })

  it("where it repeats 40 characters of an example that the old one did not have, if that is asked for", () => {
    const quoting = `Sort. For example:\n${letter.replace("plays music", "plays\n  music")}`
    assert.isUndefined(problem("Sort.", quoting))
    assert.include(problem("Sort.", quoting, { copies: "drop" }), "repeats training example 3 word for word")
    assert.isUndefined(problem(`${letter} Sort.`, quoting, { copies: "drop" }))
    assert.isUndefined(problem("Sort.", `Sort. ${letter.slice(0, 38)}`, { copies: "drop" }))
    const { warning } = Checks.look([{ parameter: "p", before: "Sort.", after: quoting }], shown, Checks.defaults)
    assert.include(warning, "repeats training example 3")
  })

  it("and not for what several examples have in common, nor where it is no text", () => {
    const policy = [evidence(1, `${letter} One.`), evidence(2, `${letter} Two.`)]
    const options: Checks.Options = { jargon: "drop", copies: "drop" }
    assert.deepStrictEqual(Checks.look([{ parameter: "p", before: "Sort.", after: letter }], policy, options), {})
    assert.isUndefined(problem([], [{ input: letter, output: "as an AI" }], { copies: "drop" }))
  })

  const questions = [
    { question: "Who wrote Dubliners?", answer: "James Joyce", label: "BOOKS" },
    { question: "Capital of Peru?", answer: "Lima", label: "PLACES" },
    { question: "Capital of Chad?", answer: "N'Djamena", label: "PLACES" },
    { question: "Who wrote Emma?", answer: "Jane Austen", label: "BOOKS" }
  ]
  const asked = questions.map(({ question }, i) => evidence(i, question))
  const leak = (after: string, before = "Answer.") =>
    Checks.look([{ parameter: "p", before, after }], asked, { jargon: "drop", copies: "drop" }, answers(questions))
      .problem

  it("where it has a short question whole, or an answer that no other example has", () => {
    assert.include(leak('Answer. Take "Who wrote  Dubliners?" as a model.'), '"Who wrote Dubliners?"')
    assert.include(leak("Answer. For Peru it is Lima."), 'training example 1 word for word: "Lima"')
    assert.include(leak("Name the writer, as in Jane Austen."), "training example 3")
  })

  it("whatever an example is, also one that holds itself", () => {
    const example: Record<string, unknown> = { answer: "James Joyce" }
    example["self"] = [example]
    assert.deepStrictEqual(answers([example])(0), ["James Joyce"])
  })

  it("and not for labels that examples share, parts of words, or what stood there before", () => {
    assert.isUndefined(leak("Answer by one of the labels BOOKS and PLACES."))
    assert.isUndefined(leak("Answer without Limassol or oblima."))
    assert.isUndefined(leak("Answer. Lima is a city; so say the city.", "Answer. Lima is a city."))
    assert.isUndefined(leak("Name the capital."))
  })
})

describe("in a run, a text that fails a check", () => {
  const task = StudentModel.task()
  const proposing = Layer.succeed(Optimizer, {
    propose: ({ sample, step }) =>
      Effect.succeed({
        values: new Map([["instructions", sample === 0 ? `Here is the new prompt: ${step}` : `Answer ${step}.`]]),
        reasons: new Map()
      })
  })

  it.effect("is told and not validated; the others of its step go on", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(task, { steps: 2, proposals: 2 }))
      const dropped = of(events, "ProposalDropped")
      assert.deepStrictEqual(
        dropped.map(({ step }) => step),
        [1, 2]
      )
      for (const { reason } of dropped) assert.include(reason, "Here is the new prompt")
      assert.strictEqual(of(events, "Proposed").length, 2)
    }).pipe(Effect.provide(Layer.mergeAll(proposing, ValidationGate.layer())), Effect.provide(StudentModel.layer()))
  )

  it.effect("is told where it quotes an example, and validated all the same", () =>
    Effect.gen(function* () {
      const quoting = Layer.succeed(Optimizer, {
        propose: ({ evidence }) => {
          const { message } = task.train[evidence[0]!.example]!
          return Effect.succeed({ values: new Map([["instructions", `Like "${message}".`]]), reasons: new Map() })
        }
      })
      const { events } = yield* Effect.provide(eventsOf(Trainer.fit(task, { steps: 1 })), quoting)
      const { warning } = of(events, "Proposed")[0]!
      assert.include(warning, "word for word")
      assert.strictEqual(of(events, "Accepted").length + of(events, "Rejected").length, 1)
      const dropped = yield* Effect.provide(
        eventsOf(Trainer.fit(task, { steps: 1, checks: { copies: "drop" } })),
        quoting
      )
      assert.include(of(dropped.events, "StepSkipped")[0]!.reason, "word for word")
    }).pipe(Effect.provide(ValidationGate.layer()), Effect.provide(StudentModel.layer()))
  )

  it.effect("alone skips its step, which says why, and costs nothing more", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(task, { steps: 1 }))
      assert.include(of(events, "StepSkipped")[0]!.reason, "Here is the new prompt")
      // the seed's validation, the minibatch, and the critic where it was wrong
      const forward = (yield* (yield* ScriptedModel).requests).filter(({ purpose }) => purpose === "forward")
      assert.strictEqual(forward.length, 12 + 4)
      const off = yield* eventsOf(Trainer.fit(task, { steps: 1, checks: { jargon: "off" } }))
      assert.strictEqual(of(off.events, "Proposed").length, 1)
    }).pipe(Effect.provide(Layer.mergeAll(proposing, ValidationGate.layer())), Effect.provide(StudentModel.layer()))
  )
})
