import { crc32 as known } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { crc32 } from "./crc32.ts"

describe("crc32", () => {
  it.effect("is what everybody else computes", () =>
    Effect.sync(() => {
      assert.strictEqual(crc32(new TextEncoder().encode("123456789")), 0xcbf43926)
      for (let length = 0; length < 300; length++) {
        const bytes = Uint8Array.from({ length }, (_, i) => Math.imul(i + length, 0x9e3779b1) >>> 24)
        assert.strictEqual(crc32(bytes), known(bytes), `${length} bytes`)
      }
    })
  )
})
