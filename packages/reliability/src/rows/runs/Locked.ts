/** D6 on the command line: a run is run by one process at a time, and the lock of one that was killed keeps nobody out. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Fault } from "@backprose/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import { folder } from "./folder.ts"
import * as found from "./found.ts"
import * as student from "./student.ts"

const isOneLine = (text: string): boolean => /^backprose: [^\n]+\n$/.test(text)

export const locked: Row = {
  id: "D6c",
  title: "resume of a run that is running; then of one that was killed, by three processes at once",
  wanted: "refused in one line with exit code 2, nothing changed; one of three goes on, two are refused",
  speed: "fast",
  measure: Effect.gen(function* () {
    const cwd = yield* folder
    const dir = join(cwd, "run")
    const state = { answers: true }
    const server = yield* student.server(4, (index) => (state.answers && index >= 30 ? Fault.hang : undefined))
    const options = { cwd, env: { OPENAI_BASE_URL: server.url } }
    const args = [
      "optimize",
      Command.task,
      "--model",
      "openai:student",
      "--run-dir",
      dir,
      "--steps",
      "2",
      "--batch",
      "4"
    ]
    const resume = ["resume", dir, "--task", Command.task]
    const bytes = () => ["run.json", "events.jsonl", "journal.log"].map((name) => readFileSync(join(dir, name), "utf8"))

    const first = yield* Command.start(args, options)
    yield* Effect.race(Effect.asVoid(server.until(({ requests }) => requests >= 31)), Effect.asVoid(first.ended))
    // all that has come is written
    yield* Effect.sleep(300)
    const before = bytes()
    const begun = yield* Clock.currentTimeMillis
    const refused = yield* Command.run(resume, options)
    const took = (yield* Clock.currentTimeMillis) - begun
    const isUntouched = bytes().every((text, i) => text === before[i])
    const isShownRunning = (yield* Command.run(["show", dir, "--json"], options)).out.includes('"status":"running"')

    yield* first.signal("SIGKILL")
    yield* first.ended
    const isShownStopped = (yield* Command.run(["show", dir], options)).out.includes("stopped without a word")
    state.answers = false
    const three = yield* Effect.all(
      [1, 2, 3].map(() => Command.run(resume, options)),
      { concurrency: "unbounded" }
    )
    const ran = three.filter(({ code, out }) => code === 0 && out !== "").length
    // who comes when the first of them has finished is told so
    const others = three.filter(({ code, err, out }) => out === "" && (code === 2 || /is finished/.test(err)))
    const { again } = yield* found.journal(join(dir, "journal.log"))
    const wrong = [
      refused.code === 2 && isOneLine(refused.err) && refused.err.includes("is working on")
        ? []
        : [`the second ends with ${refused.code}: ${refused.err}`],
      isUntouched ? [] : ["the second changed the folder"],
      isShownRunning ? [] : ["show does not say that it is running"],
      isShownStopped ? [] : ["show does not say that it was stopped"],
      ran === 1 && others.length === 2 ? [] : three.map(({ code, err }) => `one of three ends with ${code}: ${err}`),
      three.every(({ code, err }) => code === 0 || isOneLine(err)) ? [] : ["one that is refused says more than a line"],
      again === 0 ? [] : [`${again} replies asked again`]
    ].flat()
    return {
      figure: `exit ${refused.code}, ${isUntouched ? "nothing" : "something"} changed; ${ran} of 3 went on, ${again} asked again`,
      held: wrong.length === 0,
      late: took < 10_000 ? [] : [`the second ends after ${took} ms`],
      details: wrong
    }
  })
}
