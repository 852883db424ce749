import { Parameters, TextModelError } from "@backprose/core"
import { Jail } from "@backprose/sandbox"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform } from "../../fixture/backprose.ts"
import { load } from "./load.ts"

const good = `
parameters:
  instructions:
    text: Answer the question.
    role: system prompt of the solver
    constraints: [short]
prompt: "Question: {question}"
target: answer
metric: exact
data:
  file: data.jsonl
`
const rows = Array.from({ length: 8 }, (_, i) => JSON.stringify({ question: `q${i}`, answer: `a${i}` })).join("\n")

/** Loads a YAML task whose files are written for it. */
const loaded = (yaml: string, files: Readonly<Record<string, string>> = { "data.jsonl": rows }) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const dir = yield* folder
    for (const [name, text] of Object.entries({ ...files, "task.yaml": yaml })) {
      yield* fs.writeFileString(`${dir}/${name}`, text)
    }
    const result = yield* Effect.result(load(`${dir}/task.yaml`, { limit: undefined, seed: 0 }))
    return { dir, result }
  })

const task = (yaml: string, files?: Readonly<Record<string, string>>) =>
  Effect.flatMap(loaded(yaml, files), ({ result }) =>
    result._tag === "Success" ? Effect.succeed(result.success) : Effect.die(result.failure)
  )

/** The error's message, without the folder. */
const refusal = (yaml: string, files?: Readonly<Record<string, string>>) =>
  Effect.map(loaded(yaml, files), ({ dir, result }) =>
    result._tag === "Failure" ? String((result.failure as Error).message).replaceAll(`${dir}/`, "") : "it was accepted"
  )

describe("a task from YAML", () => {
  it.live("has the prompts as parameters, and its rows cut into shares that do not depend on the seed", () =>
    Effect.gen(function* () {
      const { task: made } = yield* task(good)
      assert.deepStrictEqual(Parameters.save(made.parameters), { instructions: "Answer the question." })
      const [entry] = Parameters.entries(made.parameters)
      assert.deepStrictEqual(
        [entry?.variable.role, entry?.origin.constraints],
        ["system prompt of the solver", ["short"]]
      )
      assert.deepStrictEqual([made.train.length, made.validation.length, made.test.length], [4, 2, 2])
      assert.strictEqual(
        new Set([...made.train, ...made.validation, ...made.test].map((row) => JSON.stringify(row))).size,
        8
      )
      assert.strictEqual(made.name, "task")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("asks the model with the row's fields, and tells it what would have been right", () =>
    Effect.gen(function* () {
      const { task: made } = yield* task(good)
      const example = made.train[0] as { readonly target: string; readonly fields: { readonly question: string } }
      const output = yield* made.forward(made.parameters, example)
      const model = yield* ScriptedModel
      const [request] = yield* model.requests
      assert.deepStrictEqual(request?.messages, [
        { role: "system", content: "Answer the question." },
        { role: "user", content: `Question: ${example.fields.question}` }
      ])
      const verdict = yield* made.metric(output.value, example)
      assert.strictEqual(verdict.score, 0)
      assert.include(verdict.feedback, `"${example.target}"`)
      assert.strictEqual((yield* made.metric(`${example.target}\n`, example)).score, 1)
    }).pipe(Effect.scoped, Effect.provide([ScriptedModel.layer(["wrong"]), Jail.layer()]), Effect.provide(platform))
  )

  it.live("offers only its labels where it has some", () =>
    Effect.gen(function* () {
      const labels = good.replace("metric: exact", "metric: exact\nlabels: [a0, a1, a2, a3, a4, a5, a6, a7]")
      const { task: made } = yield* task(labels)
      const output = yield* made.forward(made.parameters, made.train[0])
      assert.strictEqual(output.value, "a3")
      const [request] = yield* (yield* ScriptedModel).requests
      assert.include(JSON.stringify(request?.output), "a7")
    }).pipe(
      Effect.scoped,
      Effect.provide([ScriptedModel.layer([{ label: "a3" }]), Jail.layer()]),
      Effect.provide(platform)
    )
  )

  it.live("takes a file for each set, also CSV, and its own feedback and steps", () =>
    Effect.gen(function* () {
      const yaml = good
        .replace("  file: data.jsonl", "  train: train.csv\n  test: test.jsonl")
        .concat('feedback: "{question}: say {target}, not {output}"\nsteps: 2\nbatch: 3\n')
      const files = { "train.csv": "question,answer\nq,1\n", "test.jsonl": '{"question":"r","answer":2}' }
      const { task: made, defaults } = yield* task(yaml, files)
      assert.deepStrictEqual(made.train, [{ fields: { question: "q", answer: "1" }, target: "1" }])
      assert.deepStrictEqual([made.validation.length, made.test.length], [0, 1])
      assert.strictEqual((yield* made.metric("5", made.train[0])).feedback, "q: say 1, not 5")
      assert.deepStrictEqual(defaults, { steps: 2, batchSize: 3 })
    }).pipe(
      Effect.scoped,
      Effect.provide([ScriptedModel.respond(() => new TextModelError.ModelUnknown({ message: "" })), Jail.layer()]),
      Effect.provide(platform)
    )
  )
})

describe("a YAML task that is wrong is refused by file, line and field:", () => {
  const cases: ReadonlyArray<
    readonly [what: string, yaml: string, said: RegExp, files?: Readonly<Record<string, string>>]
  > = [
    ["no YAML", good.replace("prompt:", "prompt: {"), /^task\.yaml:8: this is no YAML: /],
    ["a metric that is none", good.replace("exact", "exakt"), /^task\.yaml:9: field "metric": .*exact/],
    ["a field that is missing", good.replace(/target: .*\n/, ""), /^task\.yaml: field "target": is missing$/],
    ["a field nobody knows", `${good}promt: x\n`, /^task\.yaml:12: field "promt": is nothing/],
    [
      "a parameter without a role",
      good.replace(/ {4}role: .*\n/, ""),
      /^task\.yaml:4: field "parameters\.instructions\.role": /
    ],
    ["a share beyond the whole", `${good}  train: 1.5\n`, /^task\.yaml:12: field "data\.train": .*share/],
    [
      "shares beyond the whole together",
      `${good}  train: 0.9\n  validation: 0.2\n`,
      /^task\.yaml:11: field "data": .*more than the whole/
    ],
    [
      "a prompt that shows the answer",
      good.replace("{question}", "{answer}"),
      /^task\.yaml:7: field "prompt": .*right answer/
    ],
    ["a prompt that shows nothing", good.replace("{question}", "?"), /^task\.yaml:7: field "prompt": .*no field/],
    ["a parameter that no prompt shows", `${good}system: be kind\n`, /"parameters\.instructions": no prompt shows it/],
    [
      "an unknown name in the system prompt",
      `${good}system: "{instruction}"\n`,
      /^task\.yaml:12: field "system": .*"instruction"/
    ],
    [
      "data of an unknown kind",
      good.replace("data.jsonl", "data.xlsx"),
      /^task\.yaml:11: field "data\.file": .*data\.xlsx/
    ],
    [
      "a data file that is not there",
      good.replace("data.jsonl", "other.jsonl"),
      /^other\.jsonl: cannot be read \(NotFound\)/
    ],
    [
      "a row without the field",
      good,
      /^data\.jsonl:2: field "question": /,
      { "data.jsonl": '{"question":"q","answer":"a"}\n{"answer":"b"}' }
    ],
    ["a row that is no JSON", good, /^data\.jsonl:1: not JSON/, { "data.jsonl": "nonsense" }],
    [
      "an answer that is no number",
      good.replace("exact", "number"),
      /^data\.jsonl:1: field "answer": .*a number/,
      { "data.jsonl": '{"question":"q","answer":"x"}' }
    ],
    [
      "an answer that is no label",
      good.replace("exact", "exact\nlabels: [x, y]"),
      /^data\.jsonl:1: field "answer": .*"x"/
    ],
    ["a data file without rows", good, /^data\.jsonl: the data set has no rows/, { "data.jsonl": "\n" }]
  ]
  for (const [what, yaml, said, files] of cases) {
    it.live(what, () =>
      Effect.gen(function* () {
        const message = yield* refusal(yaml, files)
        assert.match(message, said)
        assert.notInclude(message, "\n")
      }).pipe(Effect.scoped, Effect.provide(platform))
    )
  }
})
