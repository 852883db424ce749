import { createServer, request as httpRequest, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Event } from "@backprose/core"
import { Fault, FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../fixture/backprose.ts"
import { assertOneLine } from "../fixture/oneLine.ts"
import * as student from "../fixture/student.ts"
import { Json } from "./run/RunRecord.ts"

const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(Event.Event))
const decodeRecord = Schema.decodeUnknownSync(Json)

describe("backprose optimize", () => {
  it.live("improves a prompt, and tells and keeps what came of it", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      const ended = yield* run(["optimize", task, "--base-url", url, "--steps", "3", "--run-dir", dir])
      assert.strictEqual(ended.code, 0, ended.err)
      for (const part of [
        "- Name the colour.",
        "+ FACT snow is white.",
        "The test score rose from 0.00 to 1.00.",
        "gain    +1.00 (+0.63 to +1.00), p < 0.001",
        "chosen  by validation, 0.00 to 1.00",
        dir
      ]) {
        assert.include(ended.out, part)
      }
      for (const part of ["test before", "accepted", "test after", "openai:student"]) assert.include(ended.err, part)

      const record = decodeRecord(yield* fs.readFileString(`${dir}/run.json`))
      assert.strictEqual(record.status, "finished")
      assert.deepStrictEqual([record.before?.mean, record.after?.mean, record.after?.n], [0, 1, 12])
      assert.deepInclude(record.gain, { gain: 1, n: 12 })
      assert.isUndefined(record.luck)
      assert.deepStrictEqual(JSON.parse(yield* fs.readFileString(`${dir}/parameters.json`)), record.best)
      const lines = (yield* fs.readFileString(`${dir}/events.jsonl`)).trimEnd().split("\n")
      assert.strictEqual(decodeEvent(lines[0])._tag, "RunStarted")
      assert.strictEqual(decodeEvent(lines.at(-1))._tag, "RunFinished")

      const shown = yield* run(["show", dir])
      assert.include(shown.out, "accepted")
      assert.include(shown.out, ended.out.trim())
      const again = yield* run(["evaluate", task, "--base-url", url, "--parameters", `${dir}/parameters.json`])
      assert.include(again.out, "score   1.00")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("with --json prints events, then the record, and nothing else", () =>
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      const ended = yield* run(["optimize", task, "--base-url", url, "--run-dir", dir, "--json"])
      assert.strictEqual(ended.code, 0)
      assert.strictEqual(ended.err, "")
      const lines = ended.out.trimEnd().split("\n")
      const events = lines.slice(0, -1).map((line) => decodeEvent(line))
      assert.include(
        events.map(({ _tag }) => _tag),
        "Proposed"
      )
      assert.strictEqual(decodeRecord(lines.at(-1)).status, "finished")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("says plainly where nothing was improved", () =>
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server({
        instead: (request) =>
          request.body.response_format
            ? student.reply({ body: { ...request.body, messages: [] } })
            : FaultReply.text("no idea")
      })
      const ended = yield* run(["optimize", task, "--base-url", url, "--run-dir", dir, "--steps", "1"])
      assert.strictEqual(ended.code, 0)
      assert.match(ended.out, /did not improve|was not improved/)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("ends with 4 where the budget is used up, and keeps the best so far", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { url } = yield* server()
      const dir = yield* folder
      // 12 tests, 6 validations, then a step of 4 examples, 4 criticisms and a rewrite, and some of its validation
      for (const [calls, knows] of [
        [5, false],
        [29, false],
        [33, true]
      ] as const) {
        const at = `${dir}/${calls}`
        const ended = yield* run(["optimize", task, "--base-url", url, "--run-dir", at, "--max-calls", `${calls}`])
        assert.strictEqual(ended.code, 4, ended.err)
        assert.match(
          ended.err,
          /backprose: the budget of \d+ model calls is used up; the best so far is in .*parameters\.json\n$/
        )
        const record = decodeRecord(yield* fs.readFileString(`${at}/run.json`))
        assert.strictEqual(record.status, "budget")
        assert.isAtMost(record.usage.calls, calls)
        const saved = JSON.parse(yield* fs.readFileString(`${at}/parameters.json`))
        assert.strictEqual(saved.instructions.includes("FACT"), knows, `${calls}`)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("keeps what there is where the provider goes away in the middle, and ends with 3 or 5", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const { url } = yield* server({ replies: 20, instead: () => Fault.unauthorized })
      const ended = yield* run(["optimize", task, "--base-url", url, "--run-dir", `${dir}/a`], {
        OPENAI_API_KEY: "sk-secret-1"
      })
      assert.strictEqual(ended.code, 3)
      const record = decodeRecord(yield* fs.readFileString(`${dir}/a/run.json`))
      assert.deepStrictEqual([record.status, record.before?.n], ["failed", 12])
      for (const text of [
        ended.err,
        ended.out,
        JSON.stringify(record),
        yield* fs.readFileString(`${dir}/a/events.jsonl`)
      ]) {
        assert.notInclude(text, "sk-secret-1")
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})

describe("a run that cannot start says so in one line, by its exit code, and leaves nothing behind:", () => {
  const model = ["--model", "openai:student"]
  const cases: ReadonlyArray<{
    readonly what: string
    readonly args: (dir: string, url: string) => ReadonlyArray<string>
    readonly env?: Readonly<Record<string, string>>
    readonly files?: Readonly<Record<string, string>>
    readonly code: number
    readonly said: RegExp
  }> = [
    { what: "a hosted model without a key", args: () => [task, ...model], code: 3, said: /OPENAI_API_KEY/ },
    {
      what: "a key that is refused",
      args: (_, url) => [task, "--model", "openai:refused", "--base-url", url],
      env: { OPENAI_API_KEY: "sk-secret-2" },
      code: 3,
      said: /key/i
    },
    {
      what: "an unknown model",
      args: (_, url) => [task, "--model", "openai:nope", "--base-url", url],
      code: 3,
      said: /nope/
    },
    {
      what: "a server that is not there",
      args: () => [task, ...model, "--base-url", "http://127.0.0.1:9/v1"],
      code: 5,
      said: /127\.0\.0\.1|refused|ECONN|bad port/i
    },
    { what: "an unknown task", args: () => ["triagee"], code: 2, said: /there is no task "triagee"/ },
    {
      what: "a task file that is not there",
      args: (dir) => [`${dir}/no.yaml`, ...model],
      code: 2,
      said: /no\.yaml: there is no such file/
    },
    {
      what: "a malformed row",
      args: (dir, url) => [`${dir}/task.yaml`, "--base-url", url],
      files: { "data.jsonl": '{"question":"q","answer":"a"}\n{"question":"q"}\n' },
      code: 2,
      said: /data\.jsonl:2: field "answer"/
    },
    {
      what: "an empty data set",
      args: (dir, url) => [`${dir}/task.yaml`, "--base-url", url],
      files: { "data.jsonl": "" },
      code: 2,
      said: /data\.jsonl: the data set has no rows/
    },
    {
      what: "a module without training examples",
      args: (dir, url) => [`${dir}/mine.ts`, "--base-url", url],
      files: { "mine.ts": `import task from "${task}"\nexport default { ...task, train: [] }\n` },
      code: 2,
      said: /task "colours" has no training examples/
    },
    {
      what: "a validation gate without validation examples",
      args: (dir, url) => [`${dir}/mine.ts`, "--base-url", url, "--selector", "validation-gate"],
      files: { "mine.ts": `import task from "${task}"\nexport default { ...task, validation: [] }\n` },
      code: 2,
      said: /no validation examples .*--selector latest/
    },
    {
      what: "a run folder that cannot be",
      args: (dir, url) => [task, "--base-url", url, "--run-dir", `${dir}/task.yaml/run`],
      code: 2,
      said: /run folder .*task\.yaml\/run cannot be written/
    },
    {
      what: "a run folder that is not empty",
      args: (dir, url) => [task, "--base-url", url, "--run-dir", dir],
      code: 2,
      said: /is not empty/
    },
    {
      what: "a base URL that is none",
      args: () => [task, "--base-url", "nonsense"],
      code: 2,
      said: /--base-url is no http or https URL/
    },
    {
      what: "a password in the base URL",
      args: () => [task, "--base-url", "http://me:secret@127.0.0.1:9/v1"],
      code: 2,
      said: /--base-url must not contain a user name or password/
    },
    {
      what: "a password in OPENAI_BASE_URL, also where it is no URL",
      args: () => [task],
      env: { OPENAI_BASE_URL: "me:secret@127.0.0.1:9/v1" },
      code: 2,
      said: /OPENAI_BASE_URL is no http or https URL/
    },
    { what: "a flag that does not exist", args: () => [task, "--stepps", "3"], code: 2, said: /--stepps.*--steps/ },
    { what: "a number that is none", args: () => [task, "--steps", "many"], code: 2, said: /--steps "many"/ }
  ]
  const yaml = `parameters:\n  p: { text: Answer., role: prompt }\nprompt: "{question}"\ntarget: answer\nmetric: exact\ndata: { file: data.jsonl }\n`

  for (const { what, args, env, files, code, said } of cases) {
    it.live(what, () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const dir = yield* folder
        const provider = yield* server({
          instead: ({ model }) => (model === "refused" ? Fault.unauthorized : Fault.modelUnknown(model ?? ""))
        })
        for (const [name, text] of Object.entries({ "task.yaml": yaml, ...files })) {
          yield* fs.writeFileString(`${dir}/${name}`, text)
        }
        const before = yield* fs.readDirectory(dir)
        const given = args(dir, provider.url)
        const runDir = given.includes("--run-dir") ? [] : ["--run-dir", `${dir}/deep/run`]
        const ended = yield* run(["optimize", ...given, ...runDir, "--json"], env)
        assert.strictEqual(ended.code, code, ended.err)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
        assert.notInclude(ended.err, "secret")
        assert.strictEqual(ended.out, "")
        assert.deepStrictEqual(yield* fs.readDirectory(dir), before)
        if (code === 2)
          assert.deepStrictEqual(
            yield* provider.requests.pipe(Effect.map((all) => all.filter(({ api }) => api === "chat"))),
            []
          )
      }).pipe(Effect.scoped, Effect.provide(platform))
    )
  }
})

it.live("weights that cannot be had end with 5 and say what was tried and what to do", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const dir = yield* folder
    const args = ["optimize", task, "--model", "local:qwen2.5-coder-0.5b", "--run-dir", `${dir}/run`]
    const ended = yield* run(args, { BACKPROSE_MODEL_PATH: task })
    assert.strictEqual(ended.code, 5)
    for (const part of ["task.ts", "no GGUF file", "--base-url", "OPENAI_API_KEY"]) assert.include(ended.err, part)
    assert.deepStrictEqual(yield* fs.readDirectory(dir), [])
  }).pipe(Effect.scoped, Effect.provide(platform))
)

it.live("the query of a base URL is neither printed nor kept", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const { url } = yield* server()
    const dir = `${yield* folder}/run`
    // the path of a request is appended to the whole, the query included: only the method says what is asked for
    const proxied = yield* Effect.acquireRelease(
      Effect.callback<Server>((resume) => {
        const proxy = createServer((request, response) => {
          const at = `${url}${request.method === "GET" ? "/models" : "/chat/completions"}`
          const forwarded = httpRequest(at, { method: request.method, headers: request.headers }, (reply) => {
            response.writeHead(reply.statusCode ?? 500, reply.headers)
            reply.pipe(response)
          })
          request.pipe(forwarded)
        })
        proxy.listen(0, "127.0.0.1", () => resume(Effect.succeed(proxy)))
      }),
      (proxy) =>
        Effect.sync(() => {
          proxy.closeAllConnections()
          proxy.close()
        })
    )
    const base = `http://127.0.0.1:${(proxied.address() as AddressInfo).port}/v1`
    const secret = `${base}?key=secret`
    const ended = yield* run(["optimize", task, "--base-url", secret, "--steps", "1", "--run-dir", dir])
    assert.strictEqual(ended.code, 0, ended.err)
    const record = yield* fs.readFileString(`${dir}/run.json`)
    assert.strictEqual(decodeRecord(record).models.baseUrl, base)
    const env = { BACKPROSE_CACHE: yield* folder, OPENAI_BASE_URL: secret }
    const [models, doctor] = [yield* run(["models"], env), yield* run(["doctor"], env)]
    for (const { out } of [models, doctor]) assert.include(out, base)
    const lost = yield* server({ instead: () => Fault.modelUnknown("m") })
    const other = ["--base-url", `${lost.url}?key=secret`, "--model", "openai:m", "--run-dir", `${dir}2`]
    const unknown = yield* run(["optimize", task, ...other])
    assert.strictEqual(unknown.code, 3)
    assert.include(unknown.err, lost.url)
    const said = [ended, models, doctor, unknown].flatMap(({ out, err }) => [out, err])
    for (const text of [...said, record, yield* fs.readFileString(`${dir}/events.jsonl`)]) {
      assert.notInclude(text, "secret")
    }
  }).pipe(Effect.scoped, Effect.provide(platform))
)
