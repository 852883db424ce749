import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, expect, it } from "@effect/vitest"
import { Arbitrary, type Context, Effect, Schema } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Image from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as Message from "../model/Message.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Artefact from "./Artefact.ts"
import * as Contrast from "./Contrast.ts"
import * as Critique from "./Critique.ts"
import * as DataSummary from "./DataSummary.ts"
import * as Digest from "./Digest.ts"
import * as Draft from "./Draft.ts"
import * as Fence from "./Fence.ts"
import * as Instruct from "./Instruct.ts"
import * as Judge from "./Judge.ts"
import * as Outdo from "./Outdo.ts"
import * as Paraphrase from "./Paraphrase.ts"
import * as Prompt from "./Prompt.ts"
import * as Propose from "./Propose.ts"
import * as Reflect from "./Reflect.ts"
import * as Repair from "./Repair.ts"
import * as Thrift from "./Thrift.ts"
import * as Trace from "./Trace.ts"

/** Texts of the data in a prompt: what comes from outside, and may be anything. `words`: the program's own, where given. */
type Data = readonly [value: string, role: string, output: string, first: string, second: string, words?: string]

const alone = { constraints: [], examples: [], earlier: [] }

const critique = (
  [value, role, output, first, second, words = "Prompt"]: Data,
  more: { readonly structured: boolean; readonly isObjective?: boolean; readonly targets?: number }
): Critique.Slots => ({
  operation: [
    { title: "System prompt", text: Fence.wrap("input1", value) },
    { title: words, text: Fence.wrap("text", `Question: ${Fence.wrap("input2", second)}`) }
  ],
  outputRole: role,
  output,
  isObjective: more.isObjective ?? false,
  feedback: more.isObjective
    ? []
    : [Feedback.make(first, { from: role, score: 0.25 }), Feedback.make(second, { from: role, weight: 2 })],
  targets: [
    { id: "input1", role },
    { id: "input2", role }
  ].slice(0, more.targets ?? 2),
  structured: more.structured
})

/** A case as optimizers are shown it: what is empty there would not be shown. */
const caseOf = ([value, role, output, first]: Data, score: number) => ({
  inputs: [{ role, text: value }],
  outputRole: role,
  output: `= ${output}`,
  score,
  feedback: `! ${first}`
})

const render = <Slots, Rendered>(
  reference: Context.Reference<(slots: Slots) => Rendered>,
  slots: NoInfer<Slots>
): Rendered => reference.defaultValue()(slots)

/** Every prompt, in every shape it can take, from some data. */
const prompts = {
  "critique-joint": (data: Data) => render(Critique.CritiquePrompt, critique(data, { structured: true })),
  "critique-one-input": (data: Data) =>
    render(Critique.CritiquePrompt, critique(data, { structured: false, targets: 1 })),
  "critique-of-the-objective": (data: Data) =>
    render(Critique.CritiquePrompt, critique(data, { structured: true, isObjective: true })),
  digest: ([, role, , first, second]: Data) =>
    render(Digest.DigestPrompt, {
      role,
      feedback: [Feedback.make(first, { from: role, score: 0 }), Feedback.make(second, { from: role })]
    }),
  "judge-in-words": ([value, role, , , , words = "Is the answer right? Be concise."]: Data) =>
    render(Judge.JudgePrompt, {
      objective: words,
      scored: false,
      fields: [{ label: role, text: value }]
    }),
  "judge-with-score": ([value, role, output, , , words = "Is the prediction right, given the reference?"]: Data) =>
    render(Judge.JudgePrompt, {
      objective: words,
      scored: true,
      fields: [
        { label: role, text: value },
        { label: "reference", text: output }
      ]
    }),
  "propose-text": ([value, role, output, first, second, words = "at most 100 words"]: Data) =>
    render(Propose.ProposePrompt, {
      role,
      value,
      isText: true,
      feedback: [Feedback.make(first, { from: role, score: 0.25 })],
      constraints: [words, "no examples"],
      examples: [second],
      earlier: [
        { value: output, score: 0.5, feedback: [first, second] },
        { value: second, feedback: [] }
      ]
    }),
  contrast: ([value, role, output, first, second]: Data) =>
    render(Contrast.ContrastPrompt, {
      role,
      kept: value,
      keptScore: 0.5,
      feedback: [Feedback.make(first, { from: role, score: 0 })],
      tried: output,
      triedScore: 0.25,
      reason: second
    }),
  paraphrase: ([value, role, , , , words = "at most 100 words"]: Data) =>
    render(Paraphrase.ParaphrasePrompt, { role, value, constraints: [words] }),
  trace: ([value, role, output, first, second, words = "at most 100 words"]: Data) =>
    render(Trace.TracePrompt, {
      parameters: [
        {
          name: "solver.instructions",
          role,
          value,
          constraints: [words],
          failed: [{ value: second, score: 0.25, reason: first }]
        }
      ],
      cases: [
        {
          leftOut: 2,
          lines: [
            { id: "x3", inputs: [], role, value: second },
            { id: "x4", operation: "Generate", inputs: ["solver.instructions", "x3"], role, value: output }
          ]
        }
      ],
      feedback: [Feedback.make(first, { from: "result x4 of case 1", score: 0.25 })],
      constraints: [words],
      areTexts: true
    }),
  "propose-evolution": ([value, role, output, first, second]: Data) =>
    render(Propose.ProposePrompt, {
      role,
      value,
      isText: true,
      feedback: [Feedback.make(first, { from: role })],
      ...alone,
      gradual: true,
      earlier: [
        { value: second, score: 0.75, feedback: [] },
        { value: output, score: 0.25, feedback: [first], rejected: second }
      ]
    }),
  "propose-edits": ([value, role, , first]: Data) =>
    render(Propose.ProposePrompt, {
      role,
      value,
      isText: true,
      ...{ ...alone, feedback: [Feedback.make(first, { from: role })], asEdits: true }
    }),
  artefact: ([value, role, output, first, second, words = "at most 100 words"]: Data) =>
    render(Artefact.ArtefactPrompt, {
      role,
      value,
      objective: second,
      feedback: [Feedback.make(first, { from: role, score: 0.25 })],
      constraints: [words],
      earlier: [{ value: output, score: 0.125, feedback: [first], rejected: "validation 0.250 -> 0.125" }]
    }),
  draft: ([value, role, , , , words = "at most 100 words"]: Data) =>
    render(Draft.DraftPrompt, { role, objective: value, constraints: [words] }),
  "propose-value": ([value, role, , first]: Data) =>
    render(Propose.ProposePrompt, {
      role,
      value: JSON.stringify({ guide: value }, null, 2),
      isText: false,
      feedback: [Feedback.make(first, { from: role })],
      ...alone
    }),
  "reflect-text": (data: Data) =>
    render(Reflect.ReflectPrompt, {
      role: data[1],
      value: data[0],
      isText: true,
      cases: [caseOf(data, 0), { ...caseOf(data, 1), feedback: "" }],
      failed: [
        { value: data[4], score: 0.125, reason: "validation 0.250 -> 0.125" },
        { value: data[2], reason: data[3] }
      ],
      constraints: [data[5] ?? "at most 100 words"]
    }),
  "reflect-value": (data: Data) =>
    render(Reflect.ReflectPrompt, {
      role: data[1],
      value: JSON.stringify({ guide: data[0] }, null, 2),
      isText: false,
      cases: [caseOf(data, 0.5)],
      failed: [],
      constraints: []
    }),
  outdo: (data: Data) =>
    render(Outdo.OutdoPrompt, {
      role: data[1],
      isText: true,
      tried: [
        { value: data[4], score: 0 },
        { value: data[0], score: 0.625 }
      ],
      cases: [caseOf(data, 0)],
      constraints: [data[5] ?? "at most 100 words"]
    }),
  "data-summary": ([value, role, output, first]: Data) =>
    render(DataSummary.DataSummaryPrompt, {
      examples: [
        { inputs: [{ role, text: value }], output },
        { inputs: [{ role, text: first }], output: undefined }
      ]
    }),
  instruct: ([value, role, output, first, second, words = "at most 100 words"]: Data) =>
    render(Instruct.InstructPrompt, {
      role,
      value,
      summary: `About ${first}`,
      shape: `- ${second}`,
      examples: [{ input: second, output }],
      tip: Instruct.tips[1]!,
      constraints: [words]
    })
} satisfies { readonly [name: string]: (data: Data) => Prompt.Prompt }

const shown = (prompt: Prompt.Prompt): string =>
  Prompt.messages(prompt)
    .map((message) => `--- ${message.role}\n${Message.text(message)}\n`)
    .join("\n")

const plain: Data = [
  "Answer the question.",
  "instructions of the solver",
  "The answer is 5.",
  "2 + 2 is 4, not 5.",
  "What is 2 + 2?"
]

describe("every prompt, whole", () => {
  for (const [name, of] of Object.entries(prompts)) {
    it(name, () => expect(shown(of(plain))).toMatchFileSnapshot(`__snapshots__/${name}.txt`))
  }

  it("thrift", () =>
    expect(
      [
        { length: false, tokens: false },
        { length: true, tokens: false },
        { length: true, tokens: true }
      ]
        .map((slots) => `--- ${JSON.stringify(slots)}\n${Thrift.ThriftPrompt.defaultValue()(slots).join("\n")}\n`)
        .join("\n")
    ).toMatchFileSnapshot("__snapshots__/thrift.txt"))

  it("repair", () =>
    expect(
      render(Repair.RepairPrompt, { problem: 'Missing key\n  at ["score"]', jsonSchema: '{"type":"object"}' })
    ).toMatchFileSnapshot("__snapshots__/repair.txt"))
})

/** A prompt without its data: each fence with what is in it becomes a place, and so does each quoted role. */
const skeleton = (text: string): string => {
  const lines = text.split("\n")
  const kept: Array<string> = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const [, before, label, nonce] = /^(.*?)<([a-z0-9]+)-([a-z0-9]{6,})>$/.exec(line) ?? []
    if (label === undefined) {
      kept.push(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "[quoted]"))
      continue
    }
    const end = lines.indexOf(`</${label}-${nonce}>`, i + 1)
    assert.isAbove(end, i, `the fence of ${line} is never closed`)
    kept.push(`${before}[${label}]`)
    i = end
  }
  return kept.join("\n")
}

/** The headings and places of a prompt, in their order, without what is said between them. */
const structure = (text: string): string =>
  skeleton(text)
    .split("\n")
    .filter((line) => /^#|^\[[a-z0-9]+\]$/.test(line))
    .join("\n")

// what data would have to look like to be taken for the prompt's own words
const tricky = Arbitrary.map(
  Arbitrary.array(
    Arbitrary.schema(
      Schema.Literals([
        "# Feedback",
        "# Your task",
        "\n",
        "\r",
        "\u2028",
        "\n\n",
        "</feedback-",
        "<value-",
        "</value>",
        ">",
        '"',
        "\\",
        "what does input2",
        "Output, used as",
        "Feedback 2 (from",
        "{",
        "}",
        " ",
        "x"
      ])
    ),
    { maxLength: 12 }
  ),
  (parts) => parts.join("")
)

describe("the words of a prompt", () => {
  for (const [name, of] of Object.entries(prompts)) {
    it.effect.prop(
      `do not depend on its data: ${name}`,
      [Arbitrary.all([tricky, tricky, tricky, tricky, tricky, tricky])],
      ([data]) =>
        Effect.sync(() => {
          const prompt = of(data)
          const fixed = of([...plain.slice(0, 5), data[5]] as unknown as Data)
          assert.strictEqual(skeleton(prompt.user), skeleton(fixed.user))
          assert.strictEqual(structure(prompt.user), structure(of(plain).user))
          assert.strictEqual(skeleton(prompt.system), skeleton(of(plain).system))
          // what is fixed comes first and stays the same, so that providers can keep it
          assert.strictEqual(prompt.system, fixed.system)
          assert.deepStrictEqual(prompt.example, of(plain).example)
        }),
      { arbitrary: { runs: 300, size: 12 } }
    )
  }
})

describe("the messages of a prompt", () => {
  it("are the system prompt, then a worked example where there is one, then the case with its images", () => {
    const picture = Image.fromUrl("https://example.org/a.png", "image/png").part
    assert.deepStrictEqual(
      Prompt.messages({ system: "s", example: { user: "u1", reply: "r1" }, user: "u2" }, [picture]),
      [
        Message.system("s"),
        Message.user("u1"),
        Message.assistant("r1"),
        Message.user([{ type: "text", text: "u2" }, picture])
      ]
    )
    assert.deepStrictEqual(Prompt.messages({ system: "s", user: "u" }), [Message.system("s"), Message.user("u")])
  })
})

describe("a prompt of the user's own", () => {
  it.effect("takes the place of the judge's", () =>
    Effect.gen(function* () {
      yield* Loss.text("Is it right?")(Variable.constant("4", "answer"))
      const [request] = yield* (yield* ScriptedModel).requests
      assert.deepStrictEqual(request!.messages, [Message.system("Urteile: Is it right?"), Message.user("answer=4")])
    }).pipe(
      Effect.provideService(Judge.JudgePrompt, ({ fields, objective }) => ({
        system: `Urteile: ${objective}`,
        user: fields.map(({ label, text }) => `${label}=${text}`).join()
      })),
      Effect.provide(ScriptedModel.layer(["Yes."]))
    )
  )

  it.effect("takes the place of the editor's", () =>
    Effect.gen(function* () {
      const parameters = Parameters.make({ p: Parameter.text("Answer.", { role: "instructions" }) })
      const gradients = GradientMap.make(new Map([[parameters.p, [Feedback.make("too short", { from: "judge" })]]]))
      const next = yield* Optimizer.step(parameters, gradients)
      assert.strictEqual(next.p.value, "Answer at length.")
      const [request] = yield* (yield* ScriptedModel).requests
      assert.deepStrictEqual(request!.messages, [Message.system("Redigiere."), Message.user("Answer.: too short")])
    }).pipe(
      Effect.provideService(Propose.ProposePrompt, ({ feedback, value }) => ({
        system: "Redigiere.",
        user: `${value}: ${feedback.map(({ text }) => text).join()}`
      })),
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(ScriptedModel.layer([Replies.edit("Answer at length.")]))
    )
  )
})
