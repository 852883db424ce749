/** S5: controls in everything that others write (prompts, data, replies, errors, names, arguments) reach no terminal. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Fault, FaultReply, FaultServer } from "@backprose/testing"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import * as controls from "./controls.ts"
import { folder } from "./folder.ts"

const count = 5000

/** Which texts stand where. */
const share = { prompt: 900, rows: 960, replies: 2600, models: 200, errors: 300, arguments: 40 }
const first = {
  prompt: 0,
  rows: share.prompt,
  replies: share.prompt + share.rows,
  models: share.prompt + share.rows + share.replies,
  errors: share.prompt + share.rows + share.replies + share.models,
  arguments: count - share.arguments
}
const inReply = 50

const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f")

const rows = (from: number): string =>
  Array.from({ length: 12 }, (_, i) => {
    const text = controls.texts(first.rows + from + 40 * i, 40)
    return `${JSON.stringify({ question: text, answer: `right ${i}` })}\n`
  }).join("")

const yaml = `name: ${quoted(controls.texts(0, 20))}
parameters:
  prompt:
    text: ${quoted(controls.texts(20, share.prompt - 60))}
    role: ${quoted(controls.texts(share.prompt - 40, 20))}
    constraints: [${quoted(controls.texts(share.prompt - 20, 20))}]
prompt: "Answer: {question}"
target: answer
metric: exact
data: { train: train.jsonl, validation: train.jsonl, test: test.jsonl }
`

/** Every field of the JSON that is asked for. */
const filled = (properties: object, text: string): unknown =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [
      name,
      type === "number" ? 0.5 : type === "array" ? [text] : text
    ])
  )

/** A model that says nothing but controls, another handful each time. */
const server = FaultServer.make({
  models: ["student", ...Array.from({ length: share.models / 4 }, (_, i) => controls.texts(first.models + 4 * i, 4))],
  reply: ({ body, model }, index) => {
    if (model !== "student") return Fault.badRequest(controls.texts(first.errors, share.errors))
    const text = controls.texts(first.replies + ((inReply * index) % share.replies), inReply)
    const shape = body?.response_format?.json_schema?.schema.properties
    return shape === undefined ? FaultReply.text(text) : FaultReply.json(filled(shape, text))
  }
})

// an argument cannot hold a NUL, and what is no text is none of ours
const argument = (i: number): string => controls.texts(first.arguments + i, 4).replaceAll("\u0000", "")

interface Said {
  readonly what: string
  readonly text: string
  readonly coloured: boolean
}

export const terminal: Row = {
  id: "S5",
  title: "C0, C1, CSI, OSC, DCS, bidi and zero-width controls in prompts, data, replies, errors, names and arguments",
  wanted: `0 of ${count} on a terminal, in events, records, journals and logs`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const cwd = yield* folder
    const { url } = yield* server
    writeFileSync(join(cwd, "task.yaml"), yaml)
    writeFileSync(join(cwd, "train.jsonl"), rows(0))
    writeFileSync(join(cwd, "test.jsonl"), rows(480))
    const model = ["--model", "openai:student"]
    const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>, coloured = false) {
      const env = { OPENAI_BASE_URL: url, BACKPROSE_CACHE: cwd, ...(coloured ? { FORCE_COLOR: "1" } : {}) }
      const { err, out } = yield* Command.run(args, { cwd, env })
      return { what: args.slice(0, 2).join(" "), text: `${out}\n${err}`, coloured } satisfies Said
    })
    const begun = ["optimize", "task.yaml", ...model, "--selector", "latest", "--steps", "3", "--concurrency", "1"]
    // one request after the other: which texts are replied to which must not depend on the machine's pace
    const runs = yield* Effect.forEach(
      [
        [...begun, "--run-dir", "run", "--log", "log.jsonl"],
        [...begun, "--json", "--max-calls", "20"]
      ],
      (args) => run(args)
    )
    const task = ["task.yaml", ...model]
    const others = yield* Effect.forEach(
      [
        () => run(["show", "run"], true),
        () => run(["show", "run", "--json"]),
        () => run(["runs"]),
        () => run(["resume", "run"]),
        () => run(["evaluate", ...task, "--parameters", "run/parameters.json", "--limit", "4"]),
        () => run(["evaluate", ...task, "--json", "--limit", "4"]),
        () => run(["graph", ...task]),
        () => run(["graph", ...task, "--format", "dot"]),
        () => run(["graph", ...task, "--format", "json", "--backward"]),
        () => run(["solve", "--role", argument(0), "--objective", argument(4), ...model, "--steps", "1"]),
        () => run(["optimize", "task.yaml", "--model", "openai:other", "--run-dir", "failed"]),
        () => run(["models"]),
        () => run(["doctor"]),
        () => run(["optimize", argument(8), ...model]),
        () => run(["optimize", "task.yaml", "--model", argument(12)]),
        () => run(["optimize", "task.yaml", `--${argument(16)}`]),
        () => run(["show", argument(20)]),
        () => run(["resume", argument(24)]),
        () => run([argument(28)]),
        () => run([...begun, "--max-calls", "3", "--run-dir", argument(32).replaceAll("/", " ")])
      ],
      (one) => one(),
      { concurrency: 2 }
    )
    const files = ["log.jsonl", ...readdirSync(join(cwd, "run")).map((name) => join("run", name))].map(
      (file): Said => ({ what: file, text: readFileSync(join(cwd, file), "utf8"), coloured: false })
    )
    const said = [...runs, ...others, ...files]
    const details = said.flatMap(({ what, text, coloured }) =>
      controls
        .leaks(text, coloured)
        .slice(0, 2)
        .map((leak) => `${what}: ${leak}`)
    )
    const all = said.map(({ text }) => text).join("\n")
    const seen = Array.from({ length: count }, (_, i) => i).filter((i) => all.includes(controls.mark(i))).length
    const leaked = said.reduce((sum, { text, coloured }) => sum + controls.leaks(text, coloured).length, 0)
    return {
      figure: `${leaked} controls of ${seen} texts, in ${said.length} outputs and files`,
      // texts that are never shown would prove nothing; some go with a sequence before them that is never closed
      held: leaked === 0 && seen >= 0.9 * count,
      details
    }
  })
}
