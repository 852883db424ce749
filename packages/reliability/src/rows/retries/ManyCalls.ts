/** L2: many calls, and what they take. */
import { FaultServer, FaultReply as Reply } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { run } from "../cache/child.ts"

const mebi = 1024 * 1024
const Found = Schema.Struct({ ms: Schema.Finite, growthBytes: Schema.Finite, heapBytes: Schema.Finite })

const load = (url: string, calls: number, ...how: ReadonlyArray<string>) =>
  run("../retries/loadChild", [url, String(calls), ...how], Found)
const inMebi = (bytes: number): string => `${(bytes / mebi).toFixed(0)} MiB`

const limits = { sockets: 64, growthBytes: 200 * mebi, ms: 15_000, ratio: 1.2 }

export const manyCalls: Row = {
  id: "L2",
  title: "10,000 calls to a server of 20 ms, 32 at once; ten times as many scripted calls leave no more behind",
  wanted: "sockets <= 64, memory <= 200 MiB more, <= 15 s; live heap after 100,000 within 20 % of 10,000",
  speed: "deep",
  measure: Effect.gen(function* () {
    let sockets = 0
    const server = yield* FaultServer.make({
      reply: (_request, _index, { openSockets }) => {
        sockets = Math.max(sockets, openSockets)
        return Reply.after(20, Reply.text("a reply of some words"))
      }
    })
    const real = yield* load(server.url, 10_000)
    const most = sockets
    const bare = yield* load(server.url, 10_000, "bare")
    const few = yield* load("scripted", 10_000)
    const many = yield* load("scripted", 100_000)
    const seconds = `${(real.ms / 1000).toFixed(1)} s`
    return {
      figure: `${most} sockets, ${inMebi(real.growthBytes)} more, ${seconds}; live heap ${inMebi(few.heapBytes)} and ${inMebi(many.heapBytes)}`,
      held:
        most <= limits.sockets &&
        real.growthBytes <= limits.growthBytes &&
        real.ms <= limits.ms &&
        many.heapBytes <= few.heapBytes * limits.ratio,
      details: [
        // what is resident grows with what V8 lets lie until it collects; what is live does not grow
        `10,000 over sockets: live heap ${inMebi(real.heapBytes)}`,
        `10,000 by a bare fetch: ${bare.ms} ms, ${inMebi(bare.growthBytes)} more resident at most`,
        `10,000 scripted: ${few.ms} ms, ${inMebi(few.growthBytes)} more resident at most`,
        `100,000 scripted: ${many.ms} ms, ${inMebi(many.growthBytes)} more resident at most`
      ]
    }
  })
}
