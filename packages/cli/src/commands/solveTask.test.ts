import { spawnSync } from "node:child_process"
import { FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: a study of code, since there is no bubblewrap here")

const model = ["--model", "openai:student"]

const rowsOf = (out: string): ReadonlyArray<any> =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

const gpqa = [
  "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3",
  "r1,Which of these is a noble gas?,argon,oxygen,chlorine,boron"
].join("\n")

describe("solve <task>", () => {
  it.live("--json prints a line an attempt, then the report; run again in its folder, it asks nothing", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/study`
      const { counts, url } = yield* server()
      const given = [
        "solve",
        "word-problems",
        "--limit",
        "2",
        "--steps",
        "1",
        ...model,
        "--base-url",
        url,
        "--run-dir",
        dir
      ]
      const ended = yield* run([...given, "--json"])
      assert.strictEqual(ended.code, 0, ended.err)
      const rows = rowsOf(ended.out)
      const methods = ["self-critique", "self-consistency", "reflexion"]
      assert.deepStrictEqual(
        rows.slice(0, -1).map(({ _tag, index, method }) => [_tag, method, index]),
        [0, 1].flatMap((index) => methods.map((method) => ["Answered", method, index]))
      )
      const record = rows.at(-1)
      assert.deepInclude(record, { _tag: "StudyRecord", task: "word-problems", updates: 1, seed: 0 })
      assert.strictEqual(record.report.readings[0].n, 2)
      assert.deepStrictEqual((yield* fs.readDirectory(dir)).sort(), ["attempts.jsonl", "journal.log", "study.json"])
      assert.strictEqual(rowsOf(yield* fs.readFileString(`${dir}/attempts.jsonl`)).length, 6)

      const { requests } = yield* counts
      const again = yield* run(given)
      assert.strictEqual(again.code, 0, again.err)
      assert.strictEqual((yield* counts).requests, requests)
      for (const part of ["self-critique", "zero-shot", "after update 1", "vote of 2", "calls"]) {
        assert.include(again.out, part)
      }
      const other = yield* run([...given, "--seed", "1"])
      assert.strictEqual(other.code, 2)
      assert.include(other.err, "seed")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("of confidential questions keeps nothing, and says so", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      yield* fs.writeFileString(`${cwd}/gpqa.csv`, gpqa)
      const { url } = yield* server({ instead: () => FaultReply.json({ reasoning: "by elimination", answer: "A" }) })
      const ended = yield* run(["solve", "gpqa", "--data", `${cwd}/gpqa.csv`, "--steps", "0", "--base-url", url])
      assert.strictEqual(ended.code, 0, ended.err)
      assert.include(ended.err, "nothing is kept")
      assert.deepStrictEqual(yield* fs.readDirectory(cwd), ["gpqa.csv"])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("--scoring textgrad takes free text by the first letter, says so, and is part of what goes on", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      yield* fs.writeFileString(`${cwd}/gpqa.csv`, gpqa)
      const { requests, url } = yield* server({ instead: () => FaultReply.text("Answer: C, or\nAnswer: A") })
      const dir = `${cwd}/study`
      const given = ["solve", "gpqa", "--data", `${cwd}/gpqa.csv`, "--order", "textgrad", "--steps", "0"]
      const where = [...model, "--base-url", url, "--run-dir", dir]
      const ended = yield* run([...given, "--scoring", "textgrad", ...where])
      assert.strictEqual(ended.code, 0, ended.err)
      const how = "ordered as TextGrad does; scored as TextGrad does; kept in"
      assert.include(ended.err, how)
      assert.include(ended.out, "gpqa, openai:student, ordered as TextGrad does, scored as TextGrad does")
      const asked = yield* requests
      assert.isTrue(asked.length > 0 && asked.every(({ body }) => !("response_format" in (body as object))))

      const record = JSON.parse(yield* fs.readFileString(`${dir}/study.json`))
      assert.deepInclude(record, { scoring: "textgrad", order: "textgrad" })
      // in TextGrad's order every right answer is C
      for (const { score } of record.report.readings) assert.strictEqual(score.mean, 1)
      const other = yield* run([...given, ...where])
      assert.strictEqual(other.code, 2, other.err)
      assert.include(other.err, "scoring")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live.skipIf(!jailed)(
    "of code without hidden tests says that no gap was measured, and what decided the score",
    () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const cwd = yield* folder
        const rows = ["pairSum", "pairDifference"].map((name) =>
          JSON.stringify({
            task_id: name,
            prompt: `def ${name}(nums):`,
            signature: `${name}(nums)`,
            test: `assert ${name}([])`
          })
        )
        yield* fs.writeFileString(`${cwd}/hard.jsonl`, rows.join("\n"))
        const code = ["pairSum", "pairDifference"].map((name) => `def ${name}(nums):\n    return not nums\n`).join("")
        const { url } = yield* server({ instead: () => FaultReply.json({ code }) })
        const given = [
          "solve",
          "leetcode-hard",
          "--data",
          `${cwd}/hard.jsonl`,
          "--steps",
          "1",
          "--base-url",
          url,
          ...model
        ]
        const without = yield* run([...given, "--run-dir", `${cwd}/a`])
        assert.strictEqual(without.code, 0, without.err)
        assert.match(without.out, /zero-shot +1\.00 .* – +– /)
        assert.include(without.out, "no hidden tests 2 of 2 problems: their public tests decide the score")

        const hidden = { task_id: "pairSum", test: "assert pairSum([1])" }
        yield* fs.writeFileString(`${cwd}/hidden.jsonl`, JSON.stringify(hidden))
        const partly = yield* run([...given, "--run-dir", `${cwd}/b`])
        assert.match(partly.out, /zero-shot +0\.50 .* 1\.00 +1\.00 /)
        assert.include(partly.out, "no hidden tests 1 of 2 problems")
      }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("refuses in one line what makes no sense, before a model is asked", () =>
    Effect.gen(function* () {
      const { counts, url } = yield* server()
      for (const [args, said] of [
        [["solve"], /name a task/],
        [["solve", "--role", "r"], /name a task/],
        [["solve", "triage"], /no task to solve: there are word-problems/],
        [["solve", "word-problems", "--role", "r"], /leave out --role/],
        [["solve", "word-problems", "--data", "x.jsonl"], /makes its examples itself/],
        [["solve", "word-problems", "--scoring", "textgrad"], /no answers of "word-problems"; it does of gpqa, mmlu-/],
        [["solve", "gpqa"], /--data/],
        [["solve", "gpqa", "--data", "x.csv", "--cache"], /ask not to be copied/],
        [["solve", "gsm8k", "--data", "/nowhere/at-all.jsonl"], /no such file/],
        [["optimize", "word-problems"], /solve word-problems/],
        [["optimize", "triage", "--data", "x.jsonl"], /makes its examples itself/],
        [
          ["optimize", "triage", "--scoring", "textgrad"],
          /TextGrad has no task "triage"; it has object-counting, word-/
        ],
        [["optimize", task, "--scoring", "textgrad"], /task\.ts says itself how it scores/],
        [
          ["optimize", "triage", "--selector", "pareto", "--accept", "strict-gain"],
          /--selector pareto makes no use of it/
        ]
      ] as const) {
        const ended = yield* run([...args, "--base-url", url, ...model])
        assert.strictEqual(ended.code, 2, args.join(" "))
        assertOneLine(ended.err)
        assert.match(ended.err, said)
      }
      assert.strictEqual((yield* counts).requests, 0)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
