import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { folder, type Member, wheel } from "../../fixture/FakePip.ts"
import * as Wheel from "./Wheel.ts"

const data = Buffer.from("0123456789".repeat(5000))

const memberOf = (archive: Uint8Array, name = /\.bin$/) =>
  Effect.gen(function* () {
    const path = join(yield* folder, "a.whl")
    yield* Effect.promise(() => writeFile(path, archive))
    return yield* Wheel.member(path, name)
  })
const refused = (archive: Uint8Array) => Effect.map(Effect.flip(memberOf(archive)), (error) => error.reason)

const bin: Member = { name: "pkg/data/part1.bin", data }
const other: Member = { name: "pkg/__init__.py", data: Buffer.from("x = 1\n") }

describe("a wheel", () => {
  it.live("gives its one member, deflated or stored", () =>
    Effect.gen(function* () {
      assert.isTrue(data.equals(yield* memberOf(wheel([other, bin]))))
      assert.isTrue(data.equals(yield* memberOf(wheel([{ ...bin, stored: true }, other]))))
    })
  )
  it.live("is read although a comment follows its end", () =>
    Effect.gen(function* () {
      const archive = wheel([bin])
      archive.writeUInt16LE(5, archive.length - 2)
      assert.isTrue(data.equals(yield* memberOf(Buffer.concat([archive, Buffer.from("hello")]))))
    })
  )
  it.live("is refused when its member is damaged", () =>
    Effect.gen(function* () {
      assert.match(yield* refused(wheel([{ ...bin, crc: 1 }])), /part1\.bin is damaged/)
      const broken = wheel([bin])
      broken.fill(0xff, 60, 90)
      assert.match(yield* refused(broken), /part1\.bin/)
    })
  )
  it.live("is refused when it is cut short, or no archive at all", () =>
    Effect.gen(function* () {
      assert.match(yield* refused(wheel([bin]).subarray(0, 100)), /no zip archive/)
      assert.match(yield* refused(Buffer.from("<html>not found</html>")), /no zip archive/)
      assert.match(yield* refused(Buffer.from("")), /no zip archive/)
    })
  )
  it.live("is refused when the member is missing or not the only one", () =>
    Effect.gen(function* () {
      assert.match(yield* refused(wheel([other])), /has 0 members/)
      assert.match(yield* refused(wheel([bin, { ...bin, name: "b.bin" }])), /has 2 members/)
    })
  )
})
