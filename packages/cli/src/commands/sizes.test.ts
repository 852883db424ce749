import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import { Json } from "../run/RunRecord.ts"

const pages = fileURLToPath(new URL("../../../../docs/tasks/", import.meta.url))

/** The hosted commands that a page calls "as in the paper". */
const asInThePaper = (page: string): ReadonlyArray<string> =>
  Array.from(readFileSync(`${pages}${page}`, "utf8").matchAll(/as in the paper:\n\n((?: {4}.+\n)+)/g), ([, lines]) =>
    Array.from(lines!.matchAll(/^ {4}npm run backprose -- (.+)$/gm), ([, words]) => words!)
  )
    .flat()
    .filter((words) => words.includes("--model openai:"))

const jsonLines = (n: number, row: (i: number) => object) =>
  Array.from({ length: n }, (_, i) => JSON.stringify(row(i))).join("\n")

const bbh = JSON.stringify({
  examples: Array.from({ length: 250 }, (_, i) => ({ input: `${i} + 1 =`, target: `${i + 1}` }))
})
const gsm8k = (i: number) => ({ question: `${i} + 1?`, answer: `So.\n#### ${i + 1}` })

/** Sets of the published sizes, by the name of the task that reads them. */
const write = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const dir = yield* folder
  yield* fs.writeFileString(`${dir}/bbh.json`, bbh)
  yield* fs.makeDirectory(`${dir}/gsm8k`)
  yield* fs.writeFileString(`${dir}/gsm8k/train.jsonl`, jsonLines(7473, gsm8k))
  yield* fs.writeFileString(`${dir}/gsm8k/test.jsonl`, jsonLines(1319, gsm8k))
  const choices = Array.from({ length: 112 }, (_, i) => `"${i} + 1?",1,2,3,4,A`)
  yield* fs.writeFileString(`${dir}/mmlu_test.csv`, choices.join("\n"))
  yield* fs.writeFileString(`${dir}/physics_test.csv`, choices.slice(0, 102).join("\n"))
  const gpqa = Array.from({ length: 198 }, (_, i) => `r${i},${i} + 1?,1,2,3,4`)
  const columns = "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3"
  yield* fs.writeFileString(`${dir}/gpqa.csv`, [columns, ...gpqa].join("\n"))
  return {
    dir,
    sets: {
      gsm8k: "gsm8k",
      gpqa: "gpqa.csv",
      "mmlu-machine-learning": "mmlu_test.csv",
      "mmlu-college-physics": "physics_test.csv"
    } as Readonly<Record<string, string>>
  }
})

const planned: Readonly<Record<string, string>> = {
  gsm8k: "200 to train, 300 to validate, 1319 held out for the test",
  gpqa: "198 questions",
  "mmlu-machine-learning": "112 questions",
  "mmlu-college-physics": "102 questions"
}

describe("a command that a page calls as in the paper", () => {
  const commands = readdirSync(pages).flatMap(asInThePaper)

  it("is on the page of each task of the paper", () => {
    assert.strictEqual(commands.length, 10)
  })

  for (const words of commands) {
    const [, name = "", ...rest] = words.split(" ")
    it.live(`has the paper's sizes on the published rows: ${name}`, () =>
      Effect.gen(function* () {
        const { dir, sets } = yield* write
        const { url } = yield* server()
        const at = rest.indexOf("--data")
        const others = at < 0 ? rest : rest.toSpliced(at, 2)
        const data = ["--data", `${dir}/${sets[name] ?? "bbh.json"}`]
        const ended = yield* run([
          ...[words.split(" ")[0]!, name, ...others, ...data],
          ...["--base-url", url, "--max-calls", "1", "--run-dir", `${dir}/run`]
        ])
        assert.strictEqual(ended.code, 4, ended.err)
        assert.include(ended.err, planned[name] ?? "50 to train, 100 to validate, 100 held out for the test")
        if (words.startsWith("optimize")) assert.match(ended.err, /12 steps of 3 examples, tgd, validation-gate/)
      }).pipe(Effect.scoped, Effect.provide(platform))
    )
  }
})

const optimize = (data: string, url: string, dir: string, ...more: ReadonlyArray<string>) =>
  run([
    ...["optimize", "object-counting", "--data", data, "--order", "textgrad", "--model", "openai:student"],
    ...["--base-url", url, "--run-dir", dir, "--max-calls", "1", ...more]
  ])

describe("--sizes", () => {
  it.live("are those of the paper or any others, few where nothing is said, and stay when a run is resumed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { dir } = yield* write
      const { url } = yield* server()
      const sizesOf = Effect.fnUntraced(function* (...more: ReadonlyArray<string>) {
        const at = yield* fs.makeTempDirectoryScoped()
        const ended = yield* optimize(`${dir}/bbh.json`, url, `${at}/run`, ...more)
        assert.strictEqual(ended.code, 4, ended.err)
        const read = Effect.map(fs.readFileString(`${at}/run/run.json`), Schema.decodeUnknownSync(Json))
        const before = yield* read
        const data = ["--data", `${dir}/bbh.json`]
        const again = yield* run(["resume", `${at}/run`, "--base-url", url, "--max-calls", "2", ...data])
        assert.strictEqual(again.code, 4, again.err)
        const after = yield* read
        assert.deepStrictEqual([after.sizes, after.settings.sizes], [before.sizes, before.settings.sizes])
        return [after.sizes.train, after.sizes.validation, after.sizes.test]
      })
      assert.deepStrictEqual(yield* sizesOf(), [24, 10, 16])
      assert.deepStrictEqual(yield* sizesOf("--limit", "4"), [4, 4, 4])
      assert.deepStrictEqual(yield* sizesOf("--sizes", "paper"), [50, 100, 100])
      assert.deepStrictEqual(yield* sizesOf("--sizes", "50/7/80"), [50, 7, 80])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("that cannot be had are refused in one line, before a model is asked", () =>
    Effect.gen(function* () {
      const { dir } = yield* write
      const { counts, url } = yield* server()
      const data = `${dir}/bbh.json`
      for (const [args, said] of [
        [["object-counting", "--data", data, "--sizes", "200/100/100"], /too few rows: 250/],
        [["object-counting", "--data", data, "--order=textgrad", "--sizes", "50/100/101"], /100 for test, and 101 are/],
        [["object-counting", "--sizes", "paper", "--limit", "3"], /leave out --limit/],
        [["triage", "--sizes", "paper"], /--sizes paper: TextGrad has no task "triage"; it has object-counting, word-/],
        [[task, "--sizes", "1/1/1"], /task\.ts says itself which examples it has/],
        [["object-counting", "--sizes", "50"], /write paper, or TRAIN\/VALIDATION\/TEST/]
      ] as const) {
        const ended = yield* run(["optimize", ...args, "--base-url", url, "--model", "openai:student"])
        assert.strictEqual(ended.code, 2, args.join(" "))
        if (!said.source.startsWith("write")) assertOneLine(ended.err)
        assert.match(ended.err, said)
      }
      assert.strictEqual((yield* counts).requests, 0)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
