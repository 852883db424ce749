import { join } from "node:path"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as Order from "../shuffle/Order.ts"
import * as Source from "../source/Source.ts"
import type * as SplitFile from "../source/SplitFile.ts"
import * as Bbh from "./Bbh.ts"
import { letter } from "./Choice.ts"
import * as Gpqa from "./Gpqa.ts"
import * as Gsm8k from "./Gsm8k.ts"
import * as HotpotQa from "./HotpotQa.ts"
import * as Mmlu from "./Mmlu.ts"
import type { Reader } from "./Reader.ts"

const layer = NodeFileSystem.layer

const written = Effect.fnUntraced(function* (name: string, content: string) {
  const fs = yield* FileSystem.FileSystem
  const file = join(yield* fs.makeTempDirectoryScoped(), name)
  yield* fs.writeFileString(file, content)
  return file
}, Effect.orDie)

const read = <A>(reader: Reader<A>, name: string, content: string) =>
  Effect.scoped(Effect.flatMap(written(name, content), reader))

const refusal = <A>(reader: Reader<A>, name: string, content: string) =>
  Effect.map(Effect.flip(read(reader, name, content)), ({ field, file, line, problem }) => {
    assert.include(file, name)
    return { line, field, problem }
  })

const jsonl = (...rows: ReadonlyArray<object>) => rows.map((row) => JSON.stringify(row)).join("\n")

describe("GSM8K", () => {
  it.live("is a question with the number after the four marks", () =>
    Effect.gen(function* () {
      const rows = jsonl(
        { question: "How many?", answer: "First <<2*600=1200>>1200.\n#### 1,200" },
        { question: "And then?", answer: "#### -3\n" }
      )
      assert.deepStrictEqual(yield* read(Gsm8k.read, "train.jsonl", rows), [
        { id: "train/0", question: "How many?", answer: "1200" },
        { id: "train/1", question: "And then?", answer: "-3" }
      ])
      const wrong = jsonl({ question: "a", answer: "#### 1" }, { question: "b", answer: "it is 2" })
      assert.deepStrictEqual(yield* refusal(Gsm8k.read, "train.jsonl", wrong), {
        line: 2,
        field: "answer",
        problem: "Expected a last line such as #### 42"
      })
    }).pipe(Effect.provide(layer))
  )

  it.live("may be given as input and target, and then says what is wrong in those words", () =>
    Effect.gen(function* () {
      const row = { id: "own/7", input: "How many?", target: "3" }
      assert.deepStrictEqual(yield* read(Gsm8k.read, "x.jsonl", `\n${jsonl(row)}`), [
        { id: "own/7", question: "How many?", answer: "3" }
      ])
      const missing = yield* refusal(Gsm8k.read, "x.jsonl", jsonl(row, { id: "own/8", input: "And?" }))
      assert.deepStrictEqual([missing.line, missing.field], [2, "target"])
    }).pipe(Effect.provide(layer))
  )
})

describe("BIG-Bench Hard", () => {
  it.live("is a document of examples, in their order", () =>
    Effect.gen(function* () {
      const examples = [
        { input: "Sort: b a", target: "a b" },
        { input: "Sort: d c", target: "c d" }
      ]
      const document = (rows: ReadonlyArray<object>) => JSON.stringify({ canary: "x", examples: rows })
      assert.deepStrictEqual(yield* read(Bbh.read, "word_sorting.json", document(examples)), [
        { id: "word_sorting/0", question: "Sort: b a", answer: "a b" },
        { id: "word_sorting/1", question: "Sort: d c", answer: "c d" }
      ])
      const wrong = yield* refusal(Bbh.read, "a.json", document([...examples, { input: "x" }]))
      assert.deepStrictEqual([wrong.line, wrong.field], [0, "examples.2.target"])
      assert.strictEqual((yield* refusal(Bbh.read, "a.json", document([]))).field, "examples.0")
    }).pipe(Effect.provide(layer))
  )
})

describe("MMLU", () => {
  it.live("is a file without names of columns, whose last one is a letter", () =>
    Effect.gen(function* () {
      const rows = `"One, or\ntwo?",1,"2, maybe",both,none,B\nWhat?,a,b,c,d,D\n`
      assert.deepStrictEqual(yield* read(Mmlu.read, "machine_learning_test.csv", rows), [
        {
          id: "machine_learning_test/0",
          question: "One, or\ntwo?",
          choices: ["1", "2, maybe", "both", "none"],
          answer: "B"
        },
        { id: "machine_learning_test/1", question: "What?", choices: ["a", "b", "c", "d"], answer: "D" }
      ])
      const wrong = yield* refusal(Mmlu.read, "x.csv", `${rows}Which?,a,b,c,d,E\n`)
      assert.deepStrictEqual([wrong.line, wrong.field], [4, "answer"])
    }).pipe(Effect.provide(layer))
  )
})

describe("HotpotQA", () => {
  const row = {
    _id: "5a",
    answer: "no",
    question: "Are both?",
    supporting_facts: [
      ["One", 0],
      ["Two", 1]
    ],
    context: [
      ["One", ["A.", " B."]],
      ["Two", ["C.", " D."]]
    ],
    type: "comparison"
  }
  const expected = {
    id: "5a",
    question: "Are both?",
    answer: "no",
    paragraphs: [
      { title: "One", sentences: ["A.", " B."] },
      { title: "Two", sentences: ["C.", " D."] }
    ],
    supporting: [
      { title: "One", sentence: 0 },
      { title: "Two", sentence: 1 }
    ]
  }

  it.live("is an array or lines, with or without the facts that the answer needs", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(HotpotQa.read, "dev.json", JSON.stringify([row])), [expected])
      const { supporting_facts: _, ...test } = row
      const { supporting: __, ...bare } = expected
      assert.deepStrictEqual(yield* read(HotpotQa.read, "test.jsonl", jsonl(row, test)), [expected, bare])
      const wrong = { ...row, context: [["One", ["A.", 3]]] }
      const { field } = yield* refusal(HotpotQa.read, "dev.json", JSON.stringify([row, wrong]))
      assert.strictEqual(field, "1.context.0.1.1")
    }).pipe(Effect.provide(layer))
  )
})

describe("HotpotQA of Hugging Face", () => {
  const row = {
    id: "5a",
    question: "Are both?",
    answer: "no",
    type: "comparison",
    supporting_facts: { title: ["One", "Two"], sent_id: [0, 1] },
    context: { title: ["One", "Two"], sentences: [["A.", " B."], ["C."]] }
  }

  it.live("gives the same rows, from lines and from an array", () =>
    Effect.gen(function* () {
      const { supporting_facts: _, ...test } = row
      const bare = {
        id: "5a",
        question: "Are both?",
        answer: "no",
        paragraphs: [
          { title: "One", sentences: ["A.", " B."] },
          { title: "Two", sentences: ["C."] }
        ]
      }
      const supporting = [
        { title: "One", sentence: 0 },
        { title: "Two", sentence: 1 }
      ]
      const expected = [{ ...bare, supporting }, bare]
      assert.deepStrictEqual(yield* read(HotpotQa.read, "validation.jsonl", jsonl(row, test)), expected)
      assert.deepStrictEqual(yield* read(HotpotQa.read, "validation.json", JSON.stringify([row, test])), expected)
    }).pipe(Effect.provide(layer))
  )

  it.live("is refused by the field that is wrong", () =>
    Effect.gen(function* () {
      const wrong = yield* refusal(HotpotQa.read, "x.jsonl", jsonl(row, { ...row, context: { title: ["One"] } }))
      assert.deepStrictEqual([wrong.line, wrong.field], [2, "context.sentences"])
      const nameless = yield* refusal(HotpotQa.read, "x.jsonl", jsonl({ question: "Are both?" }))
      assert.deepStrictEqual([nameless.line, nameless.field], [1, "id"])
    }).pipe(Effect.provide(layer))
  )
})

interface Expected {
  readonly id: string
  readonly prompt: string
  readonly answer: string
}

/** What a prompt shows after its instruction: the question, and the choices behind their letters. */
const shown = ({ prompt }: Expected) => prompt.split("\n\n").slice(1).join("\n\n")

describe("GPQA", () => {
  const columns = `Notes,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,Record ID`
  const rows = `${columns}\nx,"Which\none?", right ,w1,w2,w3,rec1\n,Why?,r,a,b,c,\n`

  it.live("shows its choices in the order that is asked for, and the letter follows the right one", () =>
    Effect.gen(function* () {
      const order: Order.Order = (ids) => {
        assert.deepStrictEqual(ids, ["rec1", "gpqa/1"])
        return Effect.succeed([
          [1, 2, 3, 0],
          [3, 0, 1, 2]
        ])
      }
      assert.deepStrictEqual(yield* read(Gpqa.read(order), "gpqa.csv", rows), [
        { id: "rec1", question: "Which\none?", choices: ["w1", "w2", "w3", "right"], answer: "D" },
        { id: "gpqa/1", question: "Why?", choices: ["c", "r", "a", "b"], answer: "B" }
      ])
      const missing = yield* refusal(Gpqa.read(order), "gpqa.csv", "Question,Correct Answer\nWhy?,r\n")
      assert.deepStrictEqual([missing.line, missing.field], [2, "Incorrect Answer 1"])
    }).pipe(Effect.provide(layer))
  )

  it.live("in the sound order has all four choices and the right letter", () =>
    Effect.gen(function* () {
      for (const seed of [0, 1, 2, 3]) {
        for (const { answer, choices } of yield* read(Gpqa.read(Order.sound(seed)), "gpqa.csv", rows)) {
          assert.strictEqual(new Set(choices).size, 4)
          assert.include(["right", "r"], choices["ABCD".indexOf(answer)])
        }
      }
    }).pipe(Effect.provide(layer))
  )

  const there = isThere(published("formats"), "GPQA in the orders of others")
  it.live.skipIf(!there)("in the order of TextGrad and of simple-evals is what those show, to the letter", () =>
    Effect.gen(function* () {
      const expected = jsonLines<Expected>(published("formats/gpqa-synthetic-expected.jsonl"))
      assert.strictEqual(expected.length, 10)
      for (const [order, prefix] of [
        [Order.textgrad, "gpqa-synthetic/"],
        [Order.simpleEvals, "gpqa-synthetic-simple-evals/"]
      ] as const) {
        const rows = yield* Gpqa.read(order)(published("formats/gpqa-synthetic.csv"))
        assert.strictEqual(rows.length, 5)
        for (const [i, { answer, choices, question }] of rows.entries()) {
          const row = expected.find(({ id }) => id === `${prefix}${i}`)!
          assert.strictEqual(answer, row.answer)
          const text = `${question}\n\n${choices.map((choice, n) => `${letter(n)}) ${choice}`).join("\n")}`
          // simple-evals leaves blanks around a choice as they are
          const plain = (value: string) =>
            value
              .replaceAll(/ *\n */g, "\n")
              .replaceAll(/\) +/g, ") ")
              .trim()
          assert.strictEqual(plain(text), plain(shown(row)))
          if (order === Order.textgrad) assert.strictEqual(text, shown(row))
        }
      }
    }).pipe(Effect.provide(layer))
  )
})

const neutral: ReadonlyArray<
  readonly [folder: string, reader: Reader<{ readonly id: string }>, rows: Record<string, number>]
> = [
  ["gsm8k-dspy", Gsm8k.read, { train: 200, validation: 300, test: 660 }],
  ["bbh-object-counting", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["bbh-word-sorting", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["bbh-date-understanding", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["bbh-tracking-shuffled-objects-five-objects", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["bbh-multistep-arithmetic-two", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["bbh-boolean-expressions", Bbh.read, { train: 50, validation: 100, test: 50 }],
  ["mmlu-machine-learning", Mmlu.read, { test: 56 }],
  ["mmlu-college-physics", Mmlu.read, { test: 51 }],
  ["hotpotqa-distractor", HotpotQa.read, { train: 20, validation: 20, test: 30 }]
]

describe("the rows of published sets under the same names:", () => {
  const there = isThere(published("gsm8k-dspy"), "rows of published question sets")
  for (const [folder, reader, counts] of neutral) {
    it.live.skipIf(!there)(`the folder ${folder} gives each split whole, its ids unique`, () =>
      Effect.gen(function* () {
        const ids = new Set<string>()
        for (const [split, count] of Object.entries(counts) as ReadonlyArray<[SplitFile.Split, number]>) {
          const rows = yield* Source.read(published(folder), { split }, reader)
          assert.strictEqual(rows.length, count)
          for (const { id } of rows) ids.add(id)
        }
        assert.strictEqual(
          ids.size,
          Object.values(counts).reduce((sum, count) => sum + count)
        )
      }).pipe(Effect.provide(layer))
    )
  }

  it.live.skipIf(!there)("those of BIG-Bench Hard are cut as TextGrad cuts the file", () =>
    Effect.gen(function* () {
      const cut = Bbh.split(Array.from({ length: 250 }, (_, i) => i))
      assert.deepStrictEqual([cut.train.length, cut.validation.length, cut.test.length], [50, 100, 100])
      for (const split of ["train", "validation", "test"] as const) {
        const rows = yield* Source.read(published("bbh-word-sorting"), { split }, Bbh.read)
        for (const { id } of rows) assert.include(cut[split], Number(id.split("/")[1]))
      }
    }).pipe(Effect.provide(layer))
  )
})
