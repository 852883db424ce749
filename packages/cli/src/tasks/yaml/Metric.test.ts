import { assert, describe, it } from "@effect/vitest"
import * as Metric from "./Metric.ts"

describe("metrics of YAML tasks", () => {
  it("exact: the same text, but for space around it", () => {
    assert.isTrue(Metric.all.exact(" BIL\n", "BIL"))
    assert.isFalse(Metric.all.exact("bil", "BIL"))
  })
  it("contains: anywhere, in any case and spacing", () => {
    assert.isTrue(Metric.all.contains("It is New\n York.", "new york"))
    assert.isFalse(Metric.all.contains("York", "New York"))
  })
  it("number: the last number counts, as written in any usual way", () => {
    for (const [output, target] of [
      ["3 apples and 4 pears: 7.", "7"],
      ["That makes 1,234.50 euros", "1234.5"],
      ["x = -2e3", "-2000"],
      ["7.0", "7"]
    ] as const)
      assert.isTrue(Metric.all.number(output, target), output)
    for (const [output, target] of [
      ["seven", "7"],
      ["7 or 8", "7"],
      ["", "0"]
    ] as const)
      assert.isFalse(Metric.all.number(output, target), output)
  })
})
