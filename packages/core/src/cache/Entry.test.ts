import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as Completion from "../model/Completion.ts"
import * as Entry from "./Entry.ts"

const replies = Arbitrary.schema(Completion.Completion)

describe("an entry", () => {
  it.effect.prop(
    "gives back the reply it was made of to its own question alone, and nothing where a reply is not to be kept",
    [Schema.String, Schema.String, replies],
    ([question, other, completion]) =>
      Effect.sync(() => {
        const entry = Entry.encode(question, completion)
        // JSON has one zero
        const same = JSON.parse(JSON.stringify(completion))
        const kept = Entry.isKeepable(completion)
        assert.deepStrictEqual(
          Entry.decode(question, entry),
          kept ? { _tag: "Reply", completion: same } : { _tag: "Damaged" }
        )
        if (other !== question) assert.deepStrictEqual(Entry.decode(other, entry), { _tag: "Damaged" })
      }),
    { arbitrary: { runs: 500 } }
  )

  it("is none with any byte changed, or cut anywhere", () => {
    const completion = Completion.make("Grüße, 世界 \ud83d\ude00")
    const entry = new TextEncoder().encode(Entry.encode("what?", completion))
    const read = (bytes: Uint8Array) => Entry.decode("what?", new TextDecoder().decode(bytes))._tag
    assert.strictEqual(read(entry), "Reply")
    for (let at = 0; at < entry.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const flipped = entry.with(at, entry[at]! ^ bit)
        assert.notStrictEqual(read(flipped), "Reply", `bit ${bit} of byte ${at}`)
      }
      assert.strictEqual(read(entry.slice(0, at)), "Damaged", `cut at ${at}`)
    }
    assert.strictEqual(read(Uint8Array.of(...entry, 0x0a)), "Damaged")
  })

  it("of another version is not looked into", () => {
    const entry = Entry.encode("what?", Completion.make("this"))
    const other = entry.replace(`reply ${Entry.version} `, `reply ${Entry.version + 1} `)
    assert.notStrictEqual(other, entry)
    assert.deepStrictEqual(Entry.decode("what?", other), { _tag: "Foreign" })
  })
})
