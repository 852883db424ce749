import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, published } from "../../fixture/published.ts"
import * as Prompting from "./Prompting.ts"
import * as Protocol from "./Protocol.ts"
import type { Puzzle } from "./Subject.ts"

const makers = {
  "object-counting": { make: Prompting.objectCounting, published: "bbh-object-counting" },
  "word-sorting": { make: Prompting.wordSorting, published: "bbh-word-sorting" },
  "date-understanding": { make: Prompting.dateUnderstanding, published: "bbh-date-understanding" },
  tracking: { make: Prompting.tracking, published: "bbh-tracking-shuffled-objects-five-objects" },
  arithmetic: { make: Prompting.arithmetic, published: "bbh-multistep-arithmetic-two" },
  boolean: { make: Prompting.boolean, published: "bbh-boolean-expressions" }
}

const sizesOf = (task: {
  readonly train: ReadonlyArray<unknown>
  readonly validation: ReadonlyArray<unknown>
  readonly test: ReadonlyArray<unknown>
}) => [task.train.length, task.validation.length, task.test.length]

const questions = (...sets: ReadonlyArray<ReadonlyArray<Puzzle>>) => sets.flat().map(({ question }) => question)

for (const [name, { make, published: set }] of Object.entries(makers)) {
  describe(name, () => {
    it.effect("has sets of its own of the sizes asked for, that share no question", () =>
      Effect.gen(function* () {
        const task = yield* make({ train: 300, validation: 200, test: 200 }, { seed: 1 })
        assert.strictEqual(task.name, name)
        assert.deepStrictEqual(sizesOf(task), [300, 200, 200])
        assert.strictEqual(new Set(questions(task.train, task.validation, task.test)).size, 700)
        assert.deepStrictEqual(sizesOf(yield* make({ train: 0, validation: 0, test: 3 }, { seed: 1 })), [0, 0, 3])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )

    const there = isThere(published(set), `${name} on ${set}`)
    it.effect.skipIf(!there)(
      `reads ${set}, which it can answer and score`,
      () =>
        Effect.gen(function* () {
          const sizes = { train: 50, validation: 100, test: 50 }
          const data = published(set)
          const task = yield* make(sizes, { seed: 1, data })
          assert.deepStrictEqual(sizesOf(task), [50, 100, 50])
          assert.strictEqual(new Set(questions(task.train, task.validation, task.test)).size, 200)
          // the right answer in the shape of a reply, for each row
          for (const puzzle of [...task.train, ...task.validation, ...task.test] as ReadonlyArray<Puzzle>) {
            const letter = /^\(([A-G])\)$/.exec(puzzle.answer)?.[1]
            const number = /^-?\d+$/.test(puzzle.answer) ? Number(puzzle.answer) : undefined
            const answer = letter ?? number ?? puzzle.answer
            assert.deepStrictEqual(yield* task.metric({ reasoning: "", answer }, puzzle), { score: 1, feedback: "" })
          }
          const inOrder = yield* make(sizes, { seed: 5, data, order: "textgrad" })
          const ids = (inOrder.train as ReadonlyArray<Puzzle>).map(({ id }) => id)
          assert.deepStrictEqual(ids, [...ids].sort(), "TextGrad takes the file as it is")
        }).pipe(Effect.provide(NodeFileSystem.layer)) as Effect.Effect<void, any, never>
    )
  })
}

describe("a published set in one file", () => {
  const rows = Array.from({ length: 250 }, (_, i) => ({ input: `${i} + 1 =`, target: `${i + 1}` }))
  const file = join(mkdtempSync(join(tmpdir(), "prompting-")), "sums.json")
  writeFileSync(file, JSON.stringify({ canary: "…", examples: [...rows, rows[0]] }))

  it.effect("is cut as TextGrad cuts it, or soundly by the seed", () =>
    Effect.gen(function* () {
      const numbers = (set: ReadonlyArray<Puzzle>) => set.map(({ question }) => Number.parseInt(question, 10))
      const paper = yield* Prompting.arithmetic(Protocol.bbh, { seed: 3, data: file, order: "textgrad" })
      assert.deepStrictEqual(
        numbers(paper.train),
        Array.from({ length: 50 }, (_, i) => i)
      )
      assert.deepStrictEqual(numbers(paper.validation)[0], 50)
      assert.deepStrictEqual(numbers(paper.test)[0], 150)
      const sound = yield* Prompting.arithmetic(Protocol.bbh, { seed: 3, data: file })
      assert.notDeepEqual(sound.train, paper.train)
      // the row that is there twice is in one set only
      assert.strictEqual(new Set(questions(sound.train, sound.validation, sound.test)).size, 250)
      const again = yield* Prompting.arithmetic(Protocol.bbh, { seed: 3, data: file })
      assert.deepStrictEqual(again.test, sound.test)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.effect("is cut where TextGrad cuts it, however few rows are asked for", () =>
    Effect.gen(function* () {
      const few = { train: 2, validation: 3, test: 1 }
      const task = yield* Prompting.arithmetic(few, { seed: 3, data: file, order: "textgrad" })
      assert.deepStrictEqual(questions(task.train, task.validation, task.test), [
        ...["0 + 1 =", "1 + 1 ="],
        ...["50 + 1 =", "51 + 1 =", "52 + 1 ="],
        "150 + 1 ="
      ])
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.effect("that has too few rows is refused, and the error says how many there are", () =>
    Effect.gen(function* () {
      for (const [order, said] of [
        ["sound", "too few rows: 250 different ones, and 200 + 100 + 100 are asked for"],
        ["textgrad", "too few rows: 50 for train, and 200 are asked for"]
      ] as const) {
        const sizes = { train: 200, validation: 100, test: 100 }
        const error = yield* Effect.flip(Prompting.boolean(sizes, { seed: 0, data: file, order }))
        assert.strictEqual(error._tag, "DatasetError")
        assert.include(error.message, said)
      }
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})

describe("gsm8k", () => {
  const folder = mkdtempSync(join(tmpdir(), "gsm8k-"))
  const rows = (n: number, what: string) =>
    Array.from({ length: n }, (_, i) =>
      JSON.stringify({ question: `${what} ${i}?`, answer: `Because.\n#### ${i},000` })
    )
  writeFileSync(join(folder, "train.jsonl"), rows(600, "train").join("\n"))
  writeFileSync(join(folder, "test.jsonl"), rows(40, "test").join("\n"))

  it.effect(
    "takes DSPy's split of the published files: 200 and 300 of the one, all of the other",
    () =>
      Effect.gen(function* () {
        const task = yield* Prompting.gsm8k({ train: 200, validation: 300, test: 40 }, { seed: 9, data: folder })
        assert.deepStrictEqual(sizesOf(task), [200, 300, 40])
        const learn = questions(task.train, task.validation)
        assert.strictEqual(new Set(learn).size, 500)
        assert.isTrue(learn.every((question) => question.startsWith("train")))
        const puzzle = (task.test as ReadonlyArray<Puzzle>)[0]!
        assert.strictEqual(puzzle.question.split(" ")[0], "test")
        const { score } = yield* task.metric({ reasoning: "", answer: Number(puzzle.answer) }, puzzle)
        assert.strictEqual(score, 1)
        const error = yield* Effect.flip(
          Prompting.gsm8k({ train: 201, validation: 0, test: 0 }, { seed: 9, data: folder })
        )
        assert.include(error.message, "200 rows for train, and 201 are asked for")
      }).pipe(Effect.provide(NodeFileSystem.layer)) as Effect.Effect<void, any, never>
  )

  const there = isThere(published("gsm8k-dspy"), "gsm8k on the rows of DSPy's split")
  it.effect.skipIf(!there)("takes a folder with a file for each split as it is", () =>
    Effect.gen(function* () {
      const data = published("gsm8k-dspy")
      const task = yield* Prompting.gsm8k({ train: 200, validation: 300, test: 660 }, { seed: 0, data })
      assert.deepStrictEqual(sizesOf(task), [200, 300, 660])
      for (const puzzle of task.test as ReadonlyArray<Puzzle>) assert.isFinite(Number(puzzle.answer), puzzle.id)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})
