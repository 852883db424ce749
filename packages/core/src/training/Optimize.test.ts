import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as SelfCritique from "../loss/SelfCritique.ts"
import type * as Verdict from "../loss/Verdict.ts"
import * as Completion from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import type { BackwardModel } from "../model/TextModel.ts"
import * as Optimize from "./Optimize.ts"

const judged = (score: number, feedback = score < 1 ? `not yet ${score}` : "") => ({ score, feedback })
const edited = (value: string) => ({ value, changed: "" })

interface Improving<E, R> {
  readonly initial?: string
  readonly objective?: string
  readonly loss?: (
    solution: Variable.Variable<string>
  ) => Effect.Effect<Variable.Variable<string | Verdict.Verdict, BackwardModel>, E, R>
  readonly steps?: number
  readonly constraints?: ReadonlyArray<string>
  readonly choose?: "best" | "last" | "vote"
  readonly normalise?: (value: string) => string
}

const improve = <E = never, R = never>({
  initial = "first",
  loss,
  objective = "Friendly and correct.",
  ...rest
}: Improving<E, R> = {}) =>
  Optimize.solution<E, R>({
    initial,
    role: "reply to a customer",
    ...(loss === undefined ? { objective } : { loss }),
    ...rest
  })

const values = ({ versions }: Optimize.Solution) => versions.map(({ value }) => value)

/** What each call of a purpose was told of this case. */
const prompts = (purpose: string) =>
  Effect.gen(function* () {
    const requests = yield* (yield* ScriptedModel).requests
    return requests
      .filter((request) => request.purpose === purpose)
      .map(({ messages }) => messages.map(Message.text).join("\n"))
  })

describe("improving a solution", () => {
  it.effect("ends whatever number of steps it is told", () =>
    Effect.gen(function* () {
      for (const steps of [-1, 0]) {
        const { stopped, versions } = yield* improve({ steps }).pipe(
          Effect.provide(ScriptedModel.layer({ judge: [judged(0.2)] }), { local: true })
        )
        assert.deepStrictEqual([stopped, versions.length], ["steps", 1])
      }
    })
  )

  it.effect("begins anew each time it is run", () =>
    Effect.gen(function* () {
      const twice = improve({ steps: 1 })
      const first = yield* twice
      assert.deepStrictEqual(yield* twice, first)
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          judge: [judged(0.2), judged(0.4), judged(0.2), judged(0.4)],
          optimizer: [edited("second"), edited("second")]
        })
      )
    )
  )

  it.effect("judges and edits in turn, three times by default, and hands out the best version", () =>
    Effect.gen(function* () {
      const solution = yield* improve()
      assert.deepStrictEqual(solution, {
        value: "third",
        versions: [
          { value: "first", judgement: "not yet 0.2", score: 0.2 },
          { value: "second", judgement: "not yet 0.4", score: 0.4 },
          { value: "third", judgement: "not yet 0.6", score: 0.6 },
          { value: "fourth", judgement: "not yet 0.3", score: 0.3 }
        ],
        stopped: "steps"
      })
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          judge: [judged(0.2), judged(0.4), judged(0.6), judged(0.3)],
          optimizer: [edited("second"), edited("third"), edited("fourth")]
        })
      )
    )
  )

  it.effect(
    "asks no critic: the judge's words go to the editor as they are, with role, objective and constraints",
    () =>
      Effect.gen(function* () {
        yield* improve({ steps: 1, constraints: ["at most 50 words", "no thanks"] })
        const [judge] = yield* prompts("judge")
        assert.include(judge, "Friendly and correct.")
        assert.include(judge, "first")
        const [editor] = yield* prompts("optimizer")
        for (const part of [
          "first",
          "Say what happens next.",
          `"reply to a customer"`,
          "- at most 50 words",
          "- no thanks"
        ]) {
          assert.include(editor, part)
        }
        assert.strictEqual(yield* (yield* ScriptedModel).calls("backward"), 0)
      }).pipe(
        Effect.provide(
          ScriptedModel.layer({
            judge: [judged(0.5, "Say what happens next."), judged(0.6)],
            optimizer: [edited("second")]
          })
        )
      )
  )

  it.effect("takes as many steps as told: none is a judgement only", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(values(yield* improve({ steps: 0 })), ["first"])
      assert.deepStrictEqual(values(yield* improve({ steps: 1 })), ["first", "second"])
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({ judge: [judged(0.1), judged(0.1), judged(0.2)], optimizer: [edited("second")] })
      )
    )
  )

  it.effect("ends early at a score of 1, whatever else the judge says: the editor is not asked", () =>
    Effect.gen(function* () {
      const at = yield* improve()
      assert.deepStrictEqual([at.value, values(at)], ["first", ["first"]])
      const later = yield* improve({ steps: 9 })
      assert.deepStrictEqual([later.value, values(later)], ["second", ["first", "second"]])
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          judge: [judged(1, "Lovely."), judged(0.9), judged(1)],
          optimizer: [edited("second")]
        })
      )
    )
  )

  it.effect("ends early when the editor leaves it as it is", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(values(yield* improve({ steps: 9 })), ["first", "second"])
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          judge: [judged(0.5), judged(0.6)],
          optimizer: [edited("second"), edited("second")]
        })
      )
    )
  )

  it.effect("starts from nothing too", () =>
    Effect.gen(function* () {
      for (const initial of ["", " \n"]) {
        const solution = yield* improve({ initial, steps: 1 })
        assert.deepStrictEqual([solution.value, values(solution)], ["written", [initial, "written"]])
      }
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          judge: [judged(0, "There is nothing."), judged(0.5), judged(0, "There is nothing."), judged(0.5)],
          optimizer: [edited("written"), edited("written")]
        })
      )
    )
  )

  it.effect("learns what the objective states, on the student", () =>
    Effect.gen(function* () {
      const rules = ["refund", "password"].map((topic, i) => `Messages about [${topic}] are answered with [X${i}].`)
      const solution = yield* improve({
        initial: "About your refund, and the password:",
        objective: `All codes are right. ${rules.join(" ")}`
      })
      assert.strictEqual(solution.versions.length, 2)
      for (const rule of rules) assert.include(solution.value, rule)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect(
    "that fails before the first judgement is a typed failure; later it hands out what was found, and why it ended",
    () =>
      Effect.gen(function* () {
        const judge = yield* Effect.flip(improve()).pipe(
          Effect.provide(ScriptedModel.layer([Completion.make("", { finishReason: "content-filter" })]), {
            local: true
          })
        )
        assert.strictEqual(judge._tag, "ContentFiltered")
        const editor = yield* improve().pipe(
          Effect.provide(ScriptedModel.layer([judged(0.5), "no", "no"]), { local: true })
        )
        assert.deepInclude(editor, { value: "first", stopped: "failed" })
        assert.deepInclude(editor.failure, { _tag: "OptimizerError", parameter: "solution" })
      })
  )
})

describe("the version that is handed out", () => {
  // the script must be used up: one judgement less where the last version needs none
  const script = (scores: ReadonlyArray<number>, replies: ReadonlyArray<string>) =>
    ScriptedModel.layer({ judge: scores.map((score) => judged(score)), optimizer: replies.map(edited) })

  const chosen = (
    choose: "best" | "last" | "vote" | undefined,
    scores: ReadonlyArray<number>,
    replies: ReadonlyArray<string>
  ) =>
    Effect.map(
      improve({ steps: replies.length, ...(choose === undefined ? {} : { choose }) }).pipe(
        Effect.provide(script(scores, replies), { local: true })
      ),
      ({ value }) => value
    )

  it.effect("has the highest score, the later of equals; or is the last; or what most versions say", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* chosen("best", [0.5, 0.9, 0.2], ["b", "c"]), "b")
      assert.strictEqual(yield* chosen(undefined, [0.5, 0.9, 0.9], ["b", "c"]), "c")
      assert.strictEqual(yield* chosen("best", [0.9, 0.1, 0.2], ["b", "c"]), "first")
      assert.strictEqual(yield* chosen("last", [0.9, 0.1], ["b", "c"]), "c")
      assert.strictEqual(yield* chosen("vote", [0.1, 0.9, 0.1], ["b", " first ", "c"]), "first")
      assert.strictEqual(yield* chosen("vote", [0.1, 0.9], ["b", "c"]), "first")
    })
  )

  it.effect(
    "of a vote counts as the same what is the same after normalising, and is handed out as it was written",
    () =>
      Effect.gen(function* () {
        const letter = (text: string) => /answer: \((\w)\)/i.exec(text)?.[1] ?? text
        const { value } = yield* improve({
          initial: "It is so. Answer: (A)",
          steps: 3,
          choose: "vote",
          normalise: letter
        })
        assert.strictEqual(value, "I think ANSWER: (B)")
      }).pipe(
        Effect.provide(script([0.1, 0.1, 0.1], ["I think ANSWER: (B)", "Hence answer: (C)", "So, again, answer: (B)"]))
      )
  )

  it.effect("is not judged where it comes last and its score decides nothing", () =>
    Effect.gen(function* () {
      for (const choose of ["last", "vote"] as const) {
        const { stopped, versions } = yield* improve({ steps: 1, choose }).pipe(
          Effect.provide(script([0.4], ["second"]), { local: true })
        )
        assert.deepStrictEqual(versions, [
          { value: "first", judgement: "not yet 0.4", score: 0.4 },
          { value: "second", judgement: "", score: undefined }
        ])
        assert.strictEqual(stopped, "steps")
        const none = yield* improve({ steps: 0, choose }).pipe(Effect.provide(script([], []), { local: true }))
        assert.deepStrictEqual([none.value, values(none)], ["first", ["first"]])
      }
    })
  )

  it("is the first of the most frequent", () => {
    assert.strictEqual(Optimize.majority(["a", "b", "b", "a", "c"]), "a")
    assert.strictEqual(Optimize.majority(["a", "b", " b\n"]), "b")
    assert.strictEqual(Optimize.majority(["one"]), "one")
    assert.strictEqual(
      Optimize.majority(["x", "Y", "y"], (text) => text.toLowerCase()),
      "Y"
    )
  })
})

describe("a loss of one's own", () => {
  it.effect("in words has no score: the last version is handed out, or the one most say", () =>
    Effect.gen(function* () {
      const asked = Variable.constant("What is 2 + 2?", "question")
      const loss = (solution: Variable.Variable<string>) => SelfCritique.question(asked, solution)
      const solution = yield* improve({ initial: "5", loss, steps: 2 })
      assert.deepStrictEqual(solution, {
        value: "4.",
        versions: [
          { value: "5", judgement: "doubtful", score: undefined },
          { value: "4", judgement: "it holds", score: undefined },
          { value: "4.", judgement: "fine", score: undefined }
        ],
        stopped: "steps"
      })
      const [judge] = yield* prompts("judge")
      assert.include(judge, "What is 2 + 2?")
      assert.notInclude(judge, "Friendly and correct.")
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({ judge: ["doubtful", "it holds", "fine"], optimizer: [edited("4"), edited("4.")] })
      )
    )
  )

  it.effect("that computes its verdict asks no judge, and its own failures come through", () =>
    Effect.gen(function* () {
      const long = Loss.verifier((text: string) => ({ score: text.length > 5 ? 1 : 0, feedback: "longer" }))
      const solution = yield* improve({ loss: long })
      assert.deepStrictEqual(
        solution.versions.map(({ judgement, score }) => [judgement, score]),
        [
          ["longer", 0],
          ["longer", 1]
        ]
      )
      const bad = yield* Effect.flip(improve({ loss: Loss.verifier(() => 2) }))
      assert.strictEqual(bad._tag, "ScoreInvalid")
    }).pipe(Effect.provide(ScriptedModel.layer({ optimizer: [edited("longer text")] })))
  )

  it.effect("may use the solution in a model call: the critic carries its feedback back", () =>
    Effect.gen(function* () {
      const solution = yield* Optimize.solution({
        initial: "Answer.",
        role: "instructions",
        loss: (instructions) =>
          Effect.gen(function* () {
            const answer = yield* Generate.object({
              system: instructions,
              prompt: "A refund, please.",
              schema: Schema.Struct({ code: Schema.String }),
              role: "code"
            })
            return yield* Loss.verifier(({ code }: { readonly code: string }) => ({
              score: code === "R7" ? 1 : 0,
              feedback: "Messages about [refund] are answered with [R7]."
            }))(answer)
          })
      })
      assert.deepStrictEqual(
        solution.versions.map(({ score }) => score),
        [0, 1]
      )
      assert.include(solution.value, "[R7]")
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})
