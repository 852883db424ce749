import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isLate } from "./Row.ts"
import { rows } from "./rows.ts"

describe("the promises that are quick to measure", () => {
  for (const row of rows.filter(({ speed }) => speed === "fast")) {
    it.live(
      `${row.id}: ${row.title}: ${row.wanted}`,
      () =>
        Effect.gen(function* () {
          const measured = yield* Effect.scoped(row.measure)
          if ("skipped" in measured) return console.warn(`${row.id} skipped: ${measured.skipped}`)
          if (isLate(measured)) console.warn(`${row.id} is late: ${measured.late?.join(", ")}`)
          assert.isTrue(measured.held, [measured.figure, ...(measured.details ?? [])].join("\n"))
        }),
      300_000
    )
  }

  it("have ids of their own", () => assert.strictEqual(new Set(rows.map(({ id }) => id)).size, rows.length))
})
