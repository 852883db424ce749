/** L2: many calls, and what they take. */
import { FaultServer, FaultReply as Reply } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { run } from "../cache/child.ts"

const mebi = 1024 * 1024
const Found = Schema.Struct({ ms: Schema.Finite, growthBytes: Schema.Finite, heapBytes: Schema.Finite })

const load = (url: string, calls: number) => run("../retries/loadChild", [url, String(calls)], Found)
const inMebi = (bytes: number): string => `${(bytes / mebi).toFixed(0)} MiB`

export const manyCalls: Row = {
  id: "L2",
  title: "10,000 calls to a server of 20 ms, 32 at once; ten times as many scripted ones take no more memory",
  wanted: "sockets <= 64, memory <= 200 MiB more, <= 15 s; 100,000 within 20 % of 10,000",
  speed: "deep",
  measure: Effect.gen(function* () {
    let sockets = 0
    const server: FaultServer.Service = yield* FaultServer.make({
      reply: () => {
        sockets = Math.max(sockets, Effect.runSync(server.counts).openSockets)
        return Reply.after(20, Reply.text("a reply of some words"))
      }
    })
    const real = yield* load(server.url, 10_000)
    const few = yield* load("scripted", 10_000)
    const many = yield* load("scripted", 100_000)
    const ratio = many.growthBytes / few.growthBytes
    const seconds = real.ms / 1000
    return {
      figure: `${sockets} sockets, ${inMebi(real.growthBytes)}, ${seconds.toFixed(1)} s; ${inMebi(few.growthBytes)} and ${inMebi(many.growthBytes)}`,
      held: sockets <= 64 && real.growthBytes <= 200 * mebi && seconds <= 15 && ratio <= 1.2,
      details: [
        `10,000 over sockets: heap ${inMebi(real.heapBytes)} after a collection`,
        `10,000 scripted: ${few.ms} ms, heap ${inMebi(few.heapBytes)}`,
        `100,000 scripted: ${many.ms} ms, heap ${inMebi(many.heapBytes)}, ${ratio.toFixed(2)} times the growth`
      ]
    }
  })
}
