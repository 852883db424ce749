/** H5: replies that are too large, or never end. */
import { gzipSync } from "node:zlib"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { run } from "../cache/child.ts"

const cap = 4 * 1024 * 1024
const allowed = cap + 16 * 1024 * 1024
const mebi = 1024 * 1024

const bomb = Reply.raw(200, gzipSync(new Uint8Array(64 * mebi)), { "content-encoding": "gzip" })

// each is asked for whole, then streamed
const huge: ReadonlyArray<Reply.Reply> = [
  Fault.huge(10_000_000),
  Fault.huge(10_000_000, true),
  Fault.huge(Number.POSITIVE_INFINITY),
  Fault.huge(1_000_000_000, true),
  bomb
].flatMap((reply) => [reply, reply])

// ordinary replies first: the young heap grows by some 30 MiB with the first that are read, whatever their size
const warmups: ReadonlyArray<Reply.Reply> = Array.from({ length: 8 }, () => Fault.huge(mebi))

const Found = Schema.Struct({ tags: Schema.Array(Schema.String), growthBytes: Schema.Finite })

export const hugeReplies: Row = {
  id: "H5",
  title: "a reply of 10 MB, of 1 GB, without an end, or unpacked from little, whole and streamed, is ReplyTooLarge",
  wanted: `10/10, memory <= ${allowed / mebi} MiB more (limit ${cap / mebi} MiB), 0 connections left open`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const open: Array<number> = []
    const server = yield* FaultServer.make({
      reply: (_, index, { openSockets, spareSockets }) => {
        // but for the one that this request came by
        open.push(openSockets - spareSockets - 1)
        return [...warmups, ...huge][index] ?? Fault.serverError()
      }
    })
    const args = [server.url, cap, warmups.length, huge.length].map(String)
    const { growthBytes, tags } = yield* run("../retries/hugeChild", args, Found)
    const right = tags.filter((tag) => tag === "ReplyTooLarge").length
    const growth = `${(growthBytes / mebi).toFixed(1)} MiB`
    // each looked at when the next request came, and not at the end of the process
    const left = open.slice(warmups.length).reduce((sum, one) => sum + one, 0)
    return {
      figure: `${right}/${huge.length}, memory ${growth} more, ${left} left open`,
      held: right === huge.length && growthBytes <= allowed && left === 0,
      details: [`ends: ${tags.join(", ")}`, `open at each request: ${open.join(" ")}`]
    }
  })
}
