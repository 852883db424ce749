/** L3: what a run leaves behind in its process. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { run } from "../cache/child.ts"

const runs = 50
const growth = 0.05

const Moment = Schema.Struct({ heapBytes: Schema.Finite, objects: Schema.Record(Schema.String, Schema.Int) })
const Found = Schema.Struct({ first: Moment, last: Moment })

export const leaks: Row = {
  id: "L3",
  title: `${runs} whole runs in one process, each with its journal, models and events`,
  wanted: "live heap within 5 % of that after the first; as many objects of each kind as then",
  speed: "deep",
  measure: Effect.gen(function* () {
    const { first, last } = yield* run("../simulation/leaksChild", [String(runs)], Found)
    const grown = last.heapBytes / first.heapBytes - 1
    const kinds = Object.keys(first.objects)
    const more = kinds.filter((kind) => last.objects[kind]! > first.objects[kind]!)
    const percent = `${grown < 0 ? "" : "+"}${(100 * grown).toFixed(1)} %`
    return {
      figure: `${(last.heapBytes / 2 ** 20).toFixed(1)} MiB live, ${percent}; ${kinds.length - more.length}/${kinds.length} kinds as many`,
      held: grown <= growth && more.length === 0,
      details: kinds.map((kind) => `${kind}: ${first.objects[kind]} then ${last.objects[kind]}`)
    }
  })
}
