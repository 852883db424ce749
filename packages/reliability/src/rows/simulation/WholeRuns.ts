/** P1: whole runs in a simulated world, each seed twice, in two processes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { run } from "../cache/child.ts"

const seeds = 1000
const longest = 180

const Found = Schema.Struct({
  hashes: Schema.Array(Schema.String),
  broken: Schema.Array(Schema.String),
  sessions: Schema.Record(Schema.String, Schema.Int),
  requests: Schema.Int
})

export const wholeRuns: Row = {
  id: "P1",
  title: "whole optimisations under faults, cancels, crashes and a full disk, resumed until they end",
  wanted: `the same history twice ${seeds}/${seeds}; 0 seeds with a broken promise; <= ${longest} s on 2 cores`,
  speed: "deep",
  measure: Effect.gen(function* () {
    const child = run("../simulation/seedsChild", ["0", String(seeds)], Found)
    const [time, [first, second]] = yield* Effect.timed(Effect.all([child, child], { concurrency: 2 }))
    const seconds = Duration.toSeconds(time)
    const same = first.hashes.filter((hash, i) => hash === second.hashes[i]).length
    const different = first.hashes.flatMap((hash, seed) => (hash === second.hashes[seed] ? [] : [seed]))
    const faulty = new Set(first.broken.map((line) => line.split(":")[0])).size
    const met = Object.entries(first.sessions).map(([how, times]) => `${times} ${how}`)
    return {
      figure: `${same}/${seeds} the same, ${faulty} with a broken promise, ${seconds.toFixed(0)} s`,
      held: same === seeds && faulty === 0,
      late: seconds <= longest ? [] : [`${seconds.toFixed(0)} s`],
      details: [
        ...(different.length === 0 ? [] : [`other histories: seeds ${different.join(", ")}`]),
        ...first.broken.slice(0, 20),
        `${first.requests} requests; sessions of the disturbed runs: ${met.join(", ")}`
      ]
    }
  })
}
