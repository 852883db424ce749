/** The real command, with keys in its environment, its data, its prompts and its provider's mouth; and all that it leaves. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { Fault, FaultReply, FaultServer } from "@backprose/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Command from "../runs/Command.ts"
import { folder as temporary } from "../runs/folder.ts"
import type { Left } from "./inProcess.ts"

/** Where each key stands in the environment. */
const variables = (keys: ReadonlyArray<string>): Readonly<Record<string, string>> => {
  const named = keys.map((key, i): readonly [string, string] => {
    const url = (rest: string) => `https://${rest}`
    switch (i % 6) {
      case 0:
        return [`SERVICE${i}_API_KEY`, key]
      case 1:
        return [`service${i}Password`, key]
      case 2:
        return [`SERVICE${i}_TOKEN`, key]
      case 3:
        return [`SERVICE${i}_SECRET_VALUE`, key]
      case 4:
        return [`DATABASE${i}_URL`, url(`user:${encodeURIComponent(key)}@db.invalid/x`)]
      default:
        return [`HOOK${i}`, url(`hook.invalid/?api_key=${encodeURIComponent(key)}`)]
    }
  })
  return Object.fromEntries(named)
}

// braces are slots
const escaped = (key: string): string => key.replaceAll(/[{}]/g, "$&$&")

/** A task whose prompt, rows and right answers hold keys. */
const writeTask = (folder: string, keys: ReadonlyArray<string>) =>
  Effect.sync(() => {
    const rows = keys.map((key, i) => ({ text: `row ${i}: ${key}`, target: i % 2 === 0 ? key : `no ${i}` }))
    writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"))
    // JSON is YAML
    writeFileSync(
      join(folder, "task.yaml"),
      JSON.stringify({
        name: "leaky",
        parameters: { instructions: { text: `Answer with ${keys[0]}.`, role: "instructions" } },
        prompt: "{text}",
        target: "target",
        metric: "exact",
        feedback: `It said {output}, not {target}, and ${escaped(keys[1]!)}`,
        data: { file: "rows.jsonl", train: 0.3, validation: 0.3 }
      })
    )
  })

interface Asked {
  readonly index: number
  readonly text: string
  readonly body: {
    readonly response_format?: { readonly json_schema?: { readonly schema: { readonly properties?: object } } }
  }
}

/** Quotes a key in every reply. */
const quoting = (keys: ReadonlyArray<string>) => (request: Asked, index: number) => {
  const said = `reply ${index}, with ${keys[index % keys.length]}`
  const properties = request.body.response_format?.json_schema?.schema.properties
  if (properties === undefined) return FaultReply.text(said)
  const value = { number: 0.5, array: [said] } as Readonly<Record<string, unknown>>
  return FaultReply.json(
    Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, value[type] ?? said]))
  )
}

/** Whatever is sent to a collector. */
const collector: Effect.Effect<{ readonly url: string; readonly sent: ReadonlyArray<string> }, never, Scope.Scope> =
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<{ readonly server: Server; readonly sent: Array<string> }>((resume) => {
        const sent: Array<string> = []
        const server = createServer((request, response) => {
          request.on("data", (chunk) => sent.push(String(chunk)))
          request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"))
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed({ server, sent })))
      }),
      ({ server }) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
    ),
    ({ server, sent }) => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent })
  )

/** How the command is used, and how its provider behaves. */
export interface Use {
  readonly name: string
  readonly args: ReadonlyArray<string>
  /** What is answered in place of a reply, from the third on. */
  readonly instead?: (key: string) => FaultReply.Reply
  readonly code: number
}

const error = (status: number, message: string, code = "x") => FaultReply.raw(status, { error: { message, code } })

export const uses: ReadonlyArray<Use> = [
  { name: "optimize", args: ["optimize", "task.yaml", "--steps", "2", "--run-dir", "run"], code: 0 },
  {
    name: "optimize --json",
    args: ["optimize", "task.yaml", "--steps", "1", "--run-dir", "run", "--json"],
    instead: (key) => error(400, `the prompt with ${key} is refused`),
    code: 3
  },
  { name: "evaluate", args: ["evaluate", "task.yaml", "--json"], code: 0 },
  { name: "evaluate, no key", args: ["evaluate", "task.yaml"], instead: () => Fault.unauthorized, code: 3 },
  { name: "graph", args: ["graph", "task.yaml", "--example", "1", "--format", "json"], code: 0 }
]

const everyFile = (folder: string): ReadonlyArray<readonly [string, string]> =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name)
    return entry.isFile() && !/(rows\.jsonl|task\.yaml)$/.test(path)
      ? [[path, readFileSync(path, "utf8")] as const]
      : []
  })

/** Runs the command once, with these keys; the first is the one it asks its provider with. */
export const leftBy = Effect.fnUntraced(function* (
  { args, code, instead }: Use,
  keys: ReadonlyArray<string>
): Effect.fn.Return<Left, string, Scope.Scope> {
  const folder = yield* temporary
  yield* writeTask(folder, keys)
  const say = quoting(keys)
  const provider = yield* FaultServer.make({
    models: ["m"],
    reply: (request, index) =>
      instead !== undefined && index >= 2 ? instead(keys[index % keys.length]!) : say(request, index)
  })
  const { url, sent } = yield* collector
  const ended = yield* Command.run([...args, "--base-url", provider.url, "--log", "log.jsonl"], {
    cwd: folder,
    env: {
      ...variables(keys),
      OPENAI_API_KEY: keys[0]!,
      BACKPROSE_DEBUG: "1",
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(keys[1]!)}`,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true"
    }
  })
  if (ended.code !== code) return yield* Effect.fail(`ended with ${ended.code}: ${ended.err}`)
  if (!sent.join("").includes("gen_ai.input.messages")) return yield* Effect.fail("nothing came to the collector")
  const requests = yield* provider.requests
  return [
    ["standard output", ended.out],
    ["standard error", ended.err],
    ["prompts", requests.map(({ path, text }) => `${path} ${text}`).join("\n")],
    ["collector", sent.join("")],
    ...everyFile(folder)
  ]
})
