/** C2: no two questions share a key, and a question has the same key in every process. */
import { JournalKey } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import * as child from "./child.ts"
import * as Pairs from "./Pairs.ts"

const count = 10_000
const seed = 4

const keyOf = ({ identity, request }: Pairs.Asked) => JournalKey.of(request, identity)

const measure = Effect.gen(function* () {
  const pairs = Pairs.make(seed, count)
  const keys = pairs.map(({ one }) => keyOf(one))
  const collisions = pairs.filter(({ other }, i) => keyOf(other) === keys[i])
  const elsewhere = yield* child.run("keysChild", [`${seed}`, `${count}`], Schema.Array(Schema.String))
  const strangers = keys.filter((key, i) => elsewhere[i] !== key)
  return {
    figure: `${collisions.length} equal keys of ${count}, ${strangers.length} others in another process`,
    held: collisions.length === 0 && strangers.length === 0 && elsewhere.length === count,
    details: [
      `seed ${seed}; ${Pairs.kinds.length} kinds of difference`,
      ...[...new Set(collisions.map(({ change }) => change))].map((change) => `equal keys in spite of: ${change}`)
    ]
  }
})

export const keys: Row = {
  id: "C2",
  title: "pairs of questions that differ in one field; the same questions in another process",
  wanted: `0 equal keys of ${count}, 0 others in another process`,
  speed: "fast",
  measure
}
