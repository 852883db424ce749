import { ReadyTasks } from "@backprose/tasks"
import { FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"

describe("the other commands", () => {
  it.live("evaluate --json prints a line a result, then the summary", () =>
    Effect.gen(function* () {
      const { url } = yield* server()
      const { out, code } = yield* run(["evaluate", task, "--base-url", url, "--limit", "3", "--json"])
      const lines = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(
        lines.map(({ _tag }) => _tag),
        ["Scored", "Scored", "Scored", "EvaluationRecord"]
      )
      assert.strictEqual(lines[3].summary.n, 3)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("evaluate --scoring textgrad reads the last number of a reply, or asks a judge", () =>
    Effect.gen(function* () {
      const { requests, url } = yield* server({
        instead: ({ text }) =>
          text.includes("right answer")
            ? FaultReply.json({ feedback: "It differs.", score: 0.1 })
            : FaultReply.text("0")
      })
      const scored = (name: string) =>
        Effect.map(
          run([
            "evaluate",
            name,
            "--scoring=textgrad",
            "--limit=1",
            "--model=openai:student",
            "--base-url",
            url,
            "--json"
          ]),
          ({ code, err, out }) => {
            assert.strictEqual(code, 0, err)
            return JSON.parse(out.split("\n")[0]!)
          }
        )
      assert.match((yield* scored("object-counting")).feedback, /^The reply is read as 0, it must be \d+\.$/)
      assert.strictEqual((yield* requests).length, 1)
      assert.strictEqual((yield* scored("word-sorting")).feedback, "It differs.")
      assert.strictEqual((yield* requests).length, 3)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("evaluate refuses parameters that do not fit, by file", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/p.json`
      const { url } = yield* server()
      for (const [text, said] of [
        ["{", /p\.json: is no JSON/],
        ['{"other":"x"}', /p\.json: there is no parameter "other"/]
      ] as const) {
        yield* fs.writeFileString(file, text)
        const ended = yield* run(["evaluate", task, "--base-url", url, "--parameters", file])
        assert.strictEqual(ended.code, 2)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("solve improves a text from a file, and prints it alone", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/draft.txt`
      yield* fs.writeFileString(file, "FACT snow is white")
      const { url, requests } = yield* server()
      const given = [
        "solve",
        "--role",
        "remark",
        "--objective",
        "true",
        "--base-url",
        url,
        "--initial",
        file,
        "--steps",
        "1"
      ]
      const ended = yield* run(given)
      assert.strictEqual(ended.code, 0, ended.err)
      assert.strictEqual(ended.out, "Answer with what is known.\nFACT snow is white.\n")
      assert.include(ended.err, "version 2")
      assert.isTrue((yield* requests).some(({ text }) => text.includes("remark")))
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("solve prints the best so far where its budget ends, and exits with 4", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/draft.txt`
      yield* fs.writeFileString(file, "FACT snow is white")
      const { url } = yield* server()
      const given = ["solve", "--role", "remark", "--objective", "true", "--base-url", url, "--initial", file]
      const ended = yield* run([...given, "--max-calls", "1"])
      assert.strictEqual(ended.code, 4, ended.err)
      assert.strictEqual(ended.out, "FACT snow is white\n")
      assert.include(ended.err, "budget")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("graph draws an example, with feedback where it is asked for", () =>
    Effect.gen(function* () {
      const { url } = yield* server()
      const graph = (...args: ReadonlyArray<string>) => run(["graph", task, "--base-url", url, ...args])
      assert.match((yield* graph()).out, /^flowchart TD\n/)
      assert.include((yield* graph("--backward")).out, "FACT grass is green")
      assert.match((yield* graph("--format", "dot")).out, /^digraph \{/)
      assert.strictEqual(JSON.parse((yield* graph("--format", "json", "--example", "1")).out).version, 1)
      const beyond = yield* graph("--example", "6")
      assert.strictEqual(beyond.code, 2)
      assert.include(beyond.err, "0 to 5")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("init writes a project that runs, and refuses a folder with anything in it", () =>
    Effect.gen(function* () {
      const dir = `${yield* folder}/new`
      const { url } = yield* server()
      const made = yield* run(["init", dir])
      assert.strictEqual(made.code, 0)
      for (const file of ["task.yaml", "task.ts"]) {
        const ended = yield* run(["evaluate", `${dir}/${file}`, "--base-url", url])
        assert.strictEqual(ended.code, 0, ended.err)
        assert.include(ended.out, "n 11")
      }
      const again = yield* run(["init", dir])
      assert.strictEqual(again.code, 2)
      assertOneLine(again.err)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("models and tasks list what there is", () =>
    Effect.gen(function* () {
      const { url } = yield* server()
      const { out } = yield* run(["tasks"])
      for (const { name } of ReadyTasks.all) assert.include(out, `  ${name}  `)
      for (const fact of ["data", "metric", "paper", "ours", "run"]) {
        assert.strictEqual(out.match(new RegExp(`^    ${fact} +\\S`, "gm"))?.length, ReadyTasks.all.length, fact)
      }
      const models = (yield* run(["models", "--base-url", url], { BACKPROSE_CACHE: yield* folder })).out
      for (const part of ["local:qwen2.5-coder-1.5b", "fetched at first use, 1.1 GB", "openai:student"])
        assert.include(models, part)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("doctor never shows the key, and ends with 5 where a server cannot be reached", () =>
    Effect.gen(function* () {
      const env = { BACKPROSE_CACHE: yield* folder, OPENAI_API_KEY: "sk-secret-3" }
      const { url } = yield* server()
      const fine = yield* run(["doctor", "--base-url", url], env)
      assert.strictEqual(fine.code, 0, fine.err)
      assert.include(fine.out, "lists 1 model")
      assert.notInclude(fine.out, "secret")
      const lost = yield* run(["doctor", "--base-url", "http://127.0.0.1:9/v1"], env)
      assert.strictEqual(lost.code, 5)
      assertOneLine(lost.err)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("help and version go to standard output, and no command at all is help", () =>
    Effect.gen(function* () {
      const help = yield* run(["optimize", "--help"])
      assert.deepStrictEqual([help.code, help.err], [0, ""])
      assert.include(help.out, "--max-calls")
      assert.match((yield* run(["--version"])).out, /^\d+\.\d+\.\d+/)
      assert.include((yield* run([])).out, "optimize")
    })
  )
})
