import { connect } from "node:net"
import { Fault, FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { type Environment, folder, platform, run, server, start, task } from "../../fixture/backprose.ts"
import * as Collector from "../../fixture/collector.ts"
import * as student from "../../fixture/student.ts"

const key = "sk-planted-Ab3dEf6hIj9lMn2pQr5tUv8x"
const token = "collector-token-Zz9Yy8Xx7Ww6"

const to = (url: string, more: Environment = {}): Environment => ({
  OPENAI_API_KEY: key,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
  OTEL_RESOURCE_ATTRIBUTES: "team=prose",
  ...more
})

/** A port at which nobody is. */
const nobody = "http://127.0.0.1:9"

const isThere = (port: number) =>
  Effect.callback<boolean>((resume) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("connect", () => resume(Effect.succeed(true)))
    socket.on("error", () => resume(Effect.succeed(false)))
  })

describe("a command with a collector", () => {
  it.live(
    "sends its spans, from the command over the step to the model call, and its metrics, without text or secrets",
    () =>
      Effect.gen(function* () {
        const dir = yield* folder
        const collector = yield* Collector.make()
        const { url } = yield* server({
          instead: (request) =>
            // a provider that says what it was asked with
            request.body.response_format ? student.reply(request) : FaultReply.text(`snow is white ${key}`)
        })
        const process = yield* start(["optimize", task, "--base-url", url, "--steps", "1", "--run-dir", "run"], {
          cwd: dir,
          env: to(collector.url, { OTEL_SERVICE_NAME: "my-service" })
        })
        const ended = yield* process.ended
        assert.strictEqual(ended.code, 0, ended.err)

        const spans = yield* collector.spans
        const parents = (span: Collector.Span | undefined): ReadonlyArray<string> =>
          span === undefined ? [] : [span.name, ...parents(spans.find(({ spanId }) => spanId === span.parentSpanId))]
        const call = spans.find(({ attributes }) => attributes["backprose.purpose"] === "backward")
        const lineage = parents(call)
        assert.strictEqual(lineage[0], "chat student")
        assert.include(lineage, "Trainer.step")
        assert.strictEqual(lineage.at(-1), "backprose optimize")
        assert.strictEqual(call?.attributes["gen_ai.provider.name"], "openai")
        assert.match(String(call?.attributes["backprose.place"]), /^step 1 \/ /)

        const metrics = yield* collector.metrics
        for (const name of ["gen_ai.client.token.usage", "gen_ai.client.operation.duration", "backprose.calls"]) {
          assert.include(metrics, name)
        }
        const sent = yield* collector.sent
        assert.isTrue(sent.every(({ headers }) => headers["authorization"] === `Bearer ${token}`))
        const all = sent.map(({ body }) => body).join("\n")
        for (const part of ["my-service", "team", "prose"]) assert.include(all, part)
        for (const part of [key, token, "snow", "Name the colour"]) assert.notInclude(all, part)
        for (const part of [key, token]) assert.notInclude(ended.out + ended.err, part)
      }).pipe(Effect.scoped, Effect.provide(platform)),
    60_000
  )

  it.live(
    "sends text where that is asked for, in protobuf where nothing else is, as backprose where it has no name",
    () =>
      Effect.gen(function* () {
        const collector = yield* Collector.make()
        const { url } = yield* server()
        const { OTEL_EXPORTER_OTLP_PROTOCOL: _, ...environment } = to(collector.url, {
          OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true"
        })
        const ended = yield* run(["evaluate", task, "--base-url", url, "--limit", "1"], environment)
        assert.strictEqual(ended.code, 0, ended.err)
        const traces = (yield* collector.sent).filter(({ path }) => path === "/v1/traces")
        assert.strictEqual(traces[0]?.headers["content-type"], "application/x-protobuf")
        for (const part of ["gen_ai.input.messages", "Name the colour", "backprose evaluate"]) {
          assert.include(traces.map(({ body }) => body).join("\n"), part)
        }
      }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is neither failed nor held up by one that is not there, or never answers", () =>
    Effect.gen(function* () {
      assert.isFalse(yield* isThere(9))
      const { url } = yield* server()
      const silent = yield* Collector.make({ silent: true })
      const args = ["evaluate", task, "--base-url", url, "--limit", "2"]
      const alone = yield* run(args)
      for (const collector of [nobody, silent.url]) {
        const begun = performance.now()
        const ended = yield* run(args, to(collector))
        assert.deepStrictEqual([ended.code, ended.err], [alone.code, alone.err])
        assert.isBelow(performance.now() - begun, 4000)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live(
    "has told it all when it is interrupted",
    () =>
      Effect.gen(function* () {
        const dir = yield* folder
        const collector = yield* Collector.make()
        const { url } = yield* server({ replies: 14, instead: () => Fault.hang })
        const process = yield* start(["optimize", task, "--base-url", url, "--run-dir", "run"], {
          cwd: dir,
          env: to(collector.url)
        })
        yield* process.saw("test before")
        yield* process.signal("SIGINT")
        assert.strictEqual((yield* process.ended).code, 130)
        const names = (yield* collector.spans).map(({ name }) => name)
        assert.include(names, "backprose optimize")
        assert.include(names, "chat student")
      }).pipe(Effect.scoped, Effect.provide(platform)),
    60_000
  )

  it.live("says in one line that its variables make no sense, and goes on without", () =>
    Effect.gen(function* () {
      const { url } = yield* server()
      const args = ["evaluate", task, "--base-url", url, "--limit", "1"]
      const ended = yield* run(args, to("no URL at all"))
      assert.strictEqual(ended.code, 0, ended.err)
      const warnings = ended.err.split("\n").filter((line) => line.includes("warning:"))
      assert.strictEqual(warnings.length, 1, ended.err)
      assert.include(warnings[0], "OTEL_")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})

describe("--log", () => {
  it.live("appends a line of JSON for every step and call, for the eyes of its owner alone, without secrets", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const { url } = yield* server()
      const log = `${dir}/log.jsonl`
      const args = ["optimize", task, "--base-url", url, "--steps", "1", "--log", log]
      const first = yield* run([...args, "--run-dir", `${dir}/a`], { OPENAI_API_KEY: key })
      assert.strictEqual(first.code, 0, first.err)
      const text = yield* fs.readFileString(log)
      const lines = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      const calls = lines.filter(({ message }) => message === "chat student")
      assert.strictEqual(lines.filter(({ message }) => message === "Trainer.step").length, 1)
      assert.isAbove(calls.length, 20)
      assert.isTrue(calls.every((line) => line.level === "info" && line["backprose.attempts"] === 1 && line.ms >= 0))
      assert.notInclude(text, key)
      assert.strictEqual((yield* fs.stat(log)).mode & 0o777, 0o600)

      yield* run(["evaluate", task, "--base-url", url, "--limit", "1", "--log", log])
      assert.isTrue((yield* fs.readFileString(log)).startsWith(text))
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("says what went wrong, by its kind, and what cannot be written", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const { url } = yield* server({
        instead: () => FaultReply.raw(401, { error: { message: `no such key: ${key}`, code: "invalid_api_key" } })
      })
      const args = ["evaluate", task, "--base-url", url, "--limit", "1", "--log"]
      const ended = yield* run([...args, `${dir}/log`], { OPENAI_API_KEY: key })
      assert.strictEqual(ended.code, 3, ended.err)
      const text = yield* fs.readFileString(`${dir}/log`)
      const line = text
        .split("\n")
        .map((line) => line && JSON.parse(line))
        .find((line) => line["error.type"])
      assert.deepStrictEqual([line.level, line["error.type"]], ["error", "Unauthorized"])
      assert.notInclude(text + ended.err, key)

      const refused = yield* run([...args, `${dir}/none/log`])
      assert.strictEqual(refused.code, 2)
      assert.match(refused.err, /the log .* cannot be written/)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
