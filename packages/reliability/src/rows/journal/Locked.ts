/** D6: real processes that want one journal at once; and one that was killed while it had it. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { Row } from "../../Row.ts"
import * as Contender from "./Contender.ts"

const rounds = 100
const kills = 3

const measure = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = `${yield* fs.makeTempDirectoryScoped()}/journal`
  const two = yield* Effect.all([Contender.start(path), Contender.start(path)], { concurrency: 2 })
  const details: Array<string> = []
  let slowest = 0
  let good = 0

  /** All of them at once: one gets it, the others are told by whom, or else by whom it was just given up. */
  const round = Effect.fnUntraced(function* (name: string) {
    const answers = yield* Effect.all(
      two.map(({ take }) => take),
      { concurrency: 2 }
    )
    const winner = answers.findIndex(({ end }) => end === "taken")
    const loser = answers[1 - winner]
    slowest = Math.max(slowest, ...answers.map(({ ms }) => ms))
    if (winner !== -1 && loser?.end === "RunLocked" && loser.pid === two[winner]!.pid) good++
    else details.push(`${name}: ${answers.map(({ end, pid }) => `${end} ${pid ?? ""}`).join(", ")}`)
    yield* Effect.forEach(two, ({ leave }) => leave)
  })

  for (let i = 1; i <= rounds; i++) yield* round(`round ${i}`)
  for (let i = 1; i <= kills; i++) {
    const killed = yield* Contender.start(path)
    const { end } = yield* killed.take
    if (end !== "taken") details.push(`before kill ${i}: ${end}`)
    yield* killed.kill
    yield* round(`after kill ${i}`)
  }
  const left = yield* fs.readDirectory(path.slice(0, path.lastIndexOf("/")))
  if (left.length !== 1) details.push(`left behind: ${left.join(", ")}`)
  const all = rounds + kills
  return {
    figure: `${good}/${all} rounds, slowest answer ${Math.round(slowest)} ms`,
    held: good === all && left.length === 1,
    late: slowest < 1000 ? [] : [`an answer after ${Math.round(slowest)} ms`],
    details
  }
}).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

export const oneAtATime: Row = {
  id: "D6",
  title: `two processes, one journal: ${rounds} times at once, ${kills} times over the lock of one that was killed`,
  wanted: "each time exactly one proceeds, the other is told by whom within 1 s",
  speed: "fast",
  measure
}
