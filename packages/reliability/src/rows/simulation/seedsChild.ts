/** Simulates the seeds from one to another, and says what came of them. */
import { Simulation } from "@backprose/testing"
import * as Effect from "effect/Effect"

const [from = "0", to = "0"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const hashes: Array<string> = []
  const broken: Array<string> = []
  const sessions: { [how: string]: number } = {}
  let requests = 0
  for (let seed = Number(from); seed < Number(to); seed++) {
    const report = yield* Simulation.run(seed)
    hashes.push(report.hash)
    broken.push(...report.broken.map(({ found, promise }) => `${seed}: ${promise}: ${found}`))
    for (const how of report.disturbed.sessions) sessions[how] = (sessions[how] ?? 0) + 1
    for (const { history } of [report.undisturbed, report.disturbed]) {
      requests += history.filter(({ fact }) => fact._tag === "RequestBegan").length
    }
  }
  return { hashes, broken: broken.slice(0, 200), sessions, requests }
})

process.stdout.write(JSON.stringify(await Effect.runPromise(program)))
