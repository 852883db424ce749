import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { isThere, published } from "../../fixture/published.ts"
import { ReadyTasks } from "../index.ts"

const written = Effect.fnUntraced(function* (name: string, content: string) {
  const fs = yield* FileSystem.FileSystem
  const file = join(yield* fs.makeTempDirectoryScoped(), name)
  yield* fs.writeFileString(file, content)
  return file
})

/** The first problems of a set like MBPP. */
const mbpp = (n: number) =>
  Array.from({ length: n }, (_, i) => i + 1)
    .map((id) => JSON.stringify({ task_id: id, text: `${id}`, code: "def f():\n  pass", test_list: ["assert f()"] }))
    .join("\n")

const repository = fileURLToPath(new URL("../../../../", import.meta.url))

/** Tasks that make their examples themselves: they run anywhere, with nothing to download. */
const own = ReadyTasks.prompts.filter(({ data }) => data.source.startsWith("own") || data.source.includes("of our own"))

describe("the ready tasks", () => {
  it("are found by their names and kind, and by no others", () => {
    for (const task of ReadyTasks.prompts) assert.strictEqual(ReadyTasks.prompt(task.name), task)
    for (const task of ReadyTasks.solutions) assert.strictEqual(ReadyTasks.solution(task.name), task)
    for (const name of ["", "Triage", "toString"]) {
      assert.isUndefined(ReadyTasks.prompt(name))
      assert.isUndefined(ReadyTasks.solution(name))
    }
  })

  it("have one name each of a kind, and say where their data is from, under which licence, and what is measured", () => {
    for (const kind of [ReadyTasks.prompts, ReadyTasks.solutions]) {
      assert.strictEqual(new Set(kind.map(({ name }) => name)).size, kind.length)
    }
    for (const { data, metric, summary } of ReadyTasks.all) {
      for (const said of [data.source, data.licence, metric, summary]) assert.isAbove(said.length, 2)
    }
  })

  it("have a page each, which names their command", () => {
    for (const { kind, name } of ReadyTasks.all) {
      const page = join(repository, "docs/tasks", `${name}.md`)
      assert.isTrue(existsSync(page), `docs/tasks/${name}.md of ${kind} task ${name}`)
    }
  })

  for (const ready of own) {
    it.effect(`${ready.name} has its default sizes, its own name, and parameters with a role`, () =>
      Effect.gen(function* () {
        const { sizes } = ready.defaults
        const task = yield* ready.make(sizes, { seed: 0 })
        assert.strictEqual(task.name, ready.name)
        assert.deepStrictEqual(
          [task.train.length, task.validation.length, task.test.length],
          [sizes.train, sizes.validation, sizes.test]
        )
        const examples = [...task.train, ...task.validation, ...task.test].map((one) => JSON.stringify(one))
        assert.strictEqual(new Set(examples).size, examples.length)
        assert.notDeepEqual((yield* ready.make(sizes, { seed: 1 })).train, task.train)
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )

    it.effect(`${ready.name} can do without any set`, () =>
      Effect.gen(function* () {
        const task = yield* ready.make({ train: 0, validation: 0, test: 3 }, { seed: 1 })
        assert.deepStrictEqual([task.train.length, task.validation.length, task.test.length], [0, 0, 3])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})

describe("data of the user's own", () => {
  it.effect("is refused by a task that makes its examples, and asked for by one that cannot fetch them", () =>
    Effect.gen(function* () {
      const options = { seed: 0, limit: 1, updates: 1 }
      const refused = yield* Effect.flip(ReadyTasks.solution("word-problems")!.make({ ...options, data: "x.jsonl" }))
      assert.include(refused.message, "makes its examples itself")
      for (const name of ["gpqa", "hotpotqa", "leetcode-hard"]) {
        const asked = yield* Effect.flip(ReadyTasks.solution(name)!.make(options))
        assert.include(asked.message, "--data")
      }
      // nothing of it is ever fetched, whatever address is given
      const gpqa = ReadyTasks.solution("gpqa")!
      const never = yield* Effect.flip(gpqa.make({ ...options, data: "https://127.0.0.1:1/gpqa_diamond.csv" }))
      assert.include(never.message, "neither fetched nor kept")
      assert.isTrue(gpqa.isConfidential)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  const options = { seed: 0, limit: 1000, updates: 1 }

  it.effect("that is the whole published MBPP gives its test set, and any other file all of its problems", () =>
    Effect.gen(function* () {
      const idsOf = (n: number) =>
        Effect.gen(function* () {
          const data = yield* written("mbpp.jsonl", mbpp(n))
          const { examples } = yield* ReadyTasks.solution("mbpp")!.make({ ...options, data })
          return examples.map(({ id }) => Number(id)).sort((a, b) => a - b)
        })
      assert.deepStrictEqual(
        yield* idsOf(974),
        Array.from({ length: 500 }, (_, i) => i + 11)
      )
      assert.strictEqual((yield* idsOf(20)).length, 20)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.effect("that has a question twice counts it once, unless it is to be as TextGrad has it", () =>
    Effect.gen(function* () {
      const data = yield* written("college_physics_test.csv", "Why?,a,b,c,d,A\nWhy?,a,b,c,d,A\nWhy?,a,b,c,e,A\n")
      const physics = ReadyTasks.solution("mmlu-college-physics")!
      assert.strictEqual((yield* physics.make({ ...options, data })).examples.length, 2)
      assert.strictEqual((yield* physics.make({ ...options, data, order: "textgrad" })).examples.length, 3)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  const sets = [
    ["gpqa", "formats/gpqa-synthetic.csv", 5],
    ["mmlu-machine-learning", "mmlu-machine-learning", 20],
    ["mmlu-college-physics", "mmlu-college-physics", 20],
    ["gsm8k", "gsm8k-dspy", 20],
    ["hotpotqa", "hotpotqa-distractor", 20],
    ["humaneval", "humaneval-py", 20],
    ["humaneval-javascript", "humaneval-x-js", 20],
    ["humaneval-typescript", "multipl-e-humaneval-ts", 20],
    ["mbpp", "mbpp", 20],
    ["mbxp-typescript", "mbxp-ts", 20],
    ["leetcode-hard", "formats/leetcode-hard-synthetic.jsonl", 2]
  ] as const
  const there = isThere(published(), "published sets as studies")
  for (const [name, path, n] of sets) {
    it.effect.skipIf(!there)(`${name} takes a folder or file of the published rows, some of them by the seed`, () =>
      Effect.gen(function* () {
        const ready = ReadyTasks.solution(name)!
        const options = { seed: 3, limit: n, updates: 2, data: published(path) }
        const study = yield* ready.make(options)
        assert.strictEqual(study.examples.length, n)
        assert.isAtLeast(study.methods.length, 3)
        assert.deepStrictEqual((yield* ready.make(options)).examples, study.examples)
        assert.strictEqual((yield* ready.make({ ...options, limit: 1, order: "textgrad" })).examples.length, 1)
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }

  it.effect("trains the coder on problems of the user's own, and tests it on others of them", () =>
    Effect.gen(function* () {
      const problem = (i: number) => ({
        id: `own/${i}`,
        language: "javascript",
        prompt: `Write f${i}.`,
        entryPoint: `f${i}`,
        publicTests: [`assert(f${i}(1))`],
        hiddenTests: [`assert(f${i}(2))`]
      })
      const all = Array.from({ length: 6 }, (_, i) => problem(i))
      const data = yield* written("own.jsonl", all.map((one) => JSON.stringify(one)).join("\n"))
      const sizes = { train: 2, validation: 1, test: 3 }
      const { test, train, validation } = yield* ReadyTasks.prompt("coder")!.make(sizes, { seed: 0, data })
      assert.deepStrictEqual([train.length, validation.length, test.length], [2, 1, 3])
      assert.sameDeepMembers([...train, ...validation, ...test], all)
      const more = yield* Effect.flip(ReadyTasks.prompt("coder")!.make({ ...sizes, test: 4 }, { seed: 0, data }))
      assert.include(more.message, "too few rows")
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.effect("that is the whole published MBPP trains the coder on its training set, and tests it on its test set", () =>
    Effect.gen(function* () {
      const data = yield* written("mbpp.jsonl", mbpp(974))
      const sizes = { train: 374, validation: 90, test: 500 }
      const task = yield* ReadyTasks.prompt("mbpp")!.make(sizes, { seed: 0, data })
      const range = (problems: typeof task.test) => {
        const ids = problems.map(({ id }) => Number(id))
        return [Math.min(...ids), Math.max(...ids), new Set(ids).size]
      }
      assert.deepStrictEqual([task.train, task.validation, task.test].map(range), [
        [601, 974, 374],
        [511, 600, 90],
        [11, 510, 500]
      ])
      const more = yield* Effect.flip(ReadyTasks.prompt("mbpp")!.make({ ...sizes, test: 501 }, { seed: 0, data }))
      assert.include(more.message, "too few rows")
      const few = yield* written("mbpp.jsonl", mbpp(12))
      const own = yield* ReadyTasks.prompt("mbpp")!.make({ train: 4, validation: 4, test: 4 }, { seed: 0, data: few })
      assert.strictEqual(new Set([...own.train, ...own.validation, ...own.test].map(({ id }) => id)).size, 12)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  for (const [name, path] of [
    ["humaneval", "humaneval-py/test-public.jsonl"],
    ["mbpp", "mbpp"],
    ["object-counting", "bbh-object-counting"],
    ["word-sorting", "bbh-word-sorting"],
    ["date-understanding", "bbh-date-understanding"],
    ["tracking", "bbh-tracking-shuffled-objects-five-objects"],
    ["arithmetic", "bbh-multistep-arithmetic-two"],
    ["boolean", "bbh-boolean-expressions"],
    ["gsm8k", "gsm8k-dspy"]
  ] as const) {
    it.effect.skipIf(!there)(`${name} trains on the published rows too`, () =>
      Effect.gen(function* () {
        const sizes = { train: 10, validation: 12, test: 14 }
        const task = yield* ReadyTasks.prompt(name)!.make(sizes, { seed: 0, data: published(path) })
        assert.deepStrictEqual([task.train.length, task.validation.length, task.test.length], [10, 12, 14])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})
