/** L4: Ctrl-C on a terminal, once and twice; what is printed then is typed, and the run goes on. */
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { Fault } from "@backprose/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import { folder } from "./folder.ts"
import * as found from "./found.ts"
import * as student from "./student.ts"

const calls = 60
const longestMs = 2000
const interrupt = "\u0003"

const shell = (words: ReadonlyArray<string>): string => words.map((word) => `'${word}'`).join(" ")

/** A terminal of its own around the command: `script` of util-linux. */
const terminal = (args: ReadonlyArray<string>): ReadonlyArray<string> => [
  "script",
  "-qec",
  shell([...Command.line, ...args]),
  "/dev/null"
]

const isHere = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((dir) => existsSync(join(dir, program)))

interface Case {
  readonly name: string
  readonly task: string
  /** What is done to the process, with some pause between. */
  readonly signs: ReadonlyArray<"Ctrl-C" | NodeJS.Signals>
  readonly mostMs: number
}

const stubborn = Command.task.replace(/codes\.ts$/, "stubborn.ts")

const cases: ReadonlyArray<Case> = [
  { name: "Ctrl-C once", task: Command.task, signs: ["Ctrl-C"], mostMs: longestMs },
  { name: "Ctrl-C twice", task: Command.task, signs: ["Ctrl-C", "Ctrl-C"], mostMs: longestMs },
  { name: "Ctrl-C once, while something does not let go", task: stubborn, signs: ["Ctrl-C"], mostMs: longestMs + 500 },
  // the second comes after half a second: what comes sooner is the same one, passed on by npm
  { name: "Ctrl-C twice, while something does not let go", task: stubborn, signs: ["Ctrl-C", "Ctrl-C"], mostMs: 1200 },
  { name: "SIGTERM", task: Command.task, signs: ["SIGTERM"], mostMs: longestMs }
]

/** What is wrong, if anything is, and what took too long. */
const broken = Effect.fnUntraced(function* ({ mostMs, name, signs, task }: Case) {
  const cwd = yield* folder
  const dir = join(cwd, "run")
  const state = { answers: true }
  const server = yield* student.server(4, (index) => (state.answers && index >= 30 ? Fault.hang : undefined))
  const options = { cwd, env: { OPENAI_BASE_URL: server.url, TERM: "xterm" } }
  const args = ["optimize", task, "--model", "openai:student", "--run-dir", dir, "--steps", "2", "--batch", "4"]
  const onTerminal = signs[0] === "Ctrl-C"
  const command = yield* Command.start(
    onTerminal ? [] : args,
    onTerminal ? { ...options, through: terminal(args), typing: true } : options
  )
  // it waits for replies that do not come
  yield* Effect.race(Effect.asVoid(server.until(({ requests }) => requests >= 31)), Effect.asVoid(command.ended))
  yield* Effect.sleep(100)
  const before = yield* Clock.currentTimeMillis
  for (const [i, sign] of signs.entries()) {
    if (i > 0) yield* Effect.sleep(500)
    yield* sign === "Ctrl-C" ? command.type(interrupt) : command.signal(sign)
  }
  const ended = yield* Effect.timeoutOption(command.ended, "10 seconds")
  const took = (yield* Clock.currentTimeMillis) - before
  const late = took > mostMs ? [`${name}: took ${took} ms`] : []
  const is = (what?: string) => ({ late, wrong: what === undefined ? [] : [`${name}: ${what}`] })
  if (ended._tag === "None") return is("is still there after 10 s")
  const { code, err, out } = ended.value
  if (code !== 130) return is(`ends with ${code}: ${out}${err}`)
  const said = /go on with: backprose (resume [^\r\n]+)/.exec(out + err)?.[1]
  if (said === undefined) return is(`does not say how to go on: ${out}${err}`)
  const { replies } = yield* found.journal(join(dir, "journal.log"))
  state.answers = false
  const requests = (yield* server.counts).requests
  const resumed = yield* Command.run(said.split(" "), options)
  const asked = (yield* server.counts).requests - requests
  if (resumed.code !== 0) return is(`cannot be resumed: ${resumed.err}`)
  if (replies >= 30 && asked === calls - replies) return is()
  return is(`${asked} requests after it was resumed, ${calls - replies} replies were missing`)
}, Effect.scoped)

export const ctrlC: Row = {
  id: "L4",
  title: "Ctrl-C once and twice on a terminal, and SIGTERM; then what was printed is typed",
  wanted: `${cases.length}/${cases.length}: exit 130, within ${longestMs} ms, twice at once, resumed with nothing asked again`,
  speed: "fast",
  measure: Effect.gen(function* () {
    if (!isHere("script")) return { skipped: "there is no `script` on this machine to make a terminal with" }
    const all = yield* Effect.forEach(cases, broken, { concurrency: 2 })
    const details = all.flatMap(({ wrong }) => wrong)
    const right = all.length - details.length
    return {
      figure: `${right}/${all.length}`,
      held: right === all.length,
      late: all.flatMap(({ late }) => late),
      details
    }
  })
}
