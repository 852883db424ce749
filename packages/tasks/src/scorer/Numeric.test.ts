import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Numeric from "./Numeric.ts"

const range = { minimum: -1e9, maximum: 1e9 }

describe("the number of a reply", () => {
  const found = (cases: ReadonlyArray<readonly [reply: string, number: number | undefined]>) => {
    for (const [reply, number] of cases) assert.strictEqual(Numeric.find(reply), number, JSON.stringify(reply))
  }

  it("is read with its sign, decimals, thousands, currency and unit, as a fraction or in millions", () =>
    found([
      ["Answer: 8", 8],
      ["Answer: -75", -75],
      ["Answer: −75", -75],
      ["Answer: - 75", -75],
      ["Answer: 1,234", 1234],
      ["Answer: $1,234.50", 1234.5],
      ["Answer: -$5", -5],
      ["Answer: 1\u202f000 km", 1000],
      ["Answer: 1{,}000", 1000],
      ["Answer: .5", 0.5],
      ["Answer: 7.90", 7.9],
      ["Answer: 3/4", 0.75],
      ["Answer: 1 1/2 cups", 1.5],
      ["Answer: \\frac{3}{4}", 0.75],
      ["Answer: 18%", 18],
      ["Answer: 12 apples and 3 pears", 12],
      ["Answer: she has $18 a day", 18],
      ["Answer: 3 + 4 = 7", 7],
      ["Answer: 1.5 million", 1500000],
      ["Answer: 2e3", 2000],
      ["Answer: **9**", 9],
      ["**Answer:** $9$", 9],
      ["Answer: -0", 0],
      ["#### 72", 72],
      ["\\boxed{42}", 42],
      ["So $x = \\boxed{-\\frac{1}{2}}$.", -0.5],
      [`{"answer": 12}`, 12],
      ["The answer is 14.", 14],
      ["Answer: 5\nCheck: 6 + 1 = 7", 5],
      ["Answer: 10-7 = 3", 3]
    ]))

  it("is read in scientific notation and with any separator of thousands", () =>
    found([
      ["Answer: 1.5 × 10^6", 1500000],
      ["Answer: 1.5 x 10^6 km", 1500000],
      ["Answer: 1.5 * 10^6", 1500000],
      ["Answer: 1.5*10**6", 1500000],
      ["Answer: $1.5 \\times 10^{6}$", 1500000],
      ["Answer: 1.5·10⁶", 1500000],
      ["Answer: -2 × 10⁻³", -0.002],
      ["Answer: 2 × 10^(-3)", 0.002],
      ["Answer: 10^6", 1000000],
      ["Answer: 1,500 × 10^3", 1500000],
      ["Answer: 1.5e+6", 1500000],
      ["So it is\n= 3 × 10^8 m", 300000000],
      ["Answer: 10 000", 10000],
      ["Answer: 1\u2009234\u2009567.5", 1234567.5],
      ["Answer: 10\u00a0000 km", 10000],
      ["Answer: 12 345 678", 12345678],
      ["A: 600 000 feet", 600000],
      // no group of three follows
      ["Answer: 10 0000", 10],
      ["Answer: 2024 100", 2024]
    ]))

  it("is none where an expression is left to be worked out, and what it comes to where that is said", () =>
    found([
      ["Answer: 20 - 5", undefined],
      ["Answer: 20 − 5 apples", undefined],
      ["Answer: 20-5", undefined],
      ["Answer: 20 + 5", undefined],
      ["Answer: **20 * 5**", undefined],
      ["Answer: 20 × 5", undefined],
      ["Answer: $20 \\times 5$", undefined],
      ["Answer: 20 ÷ 5", undefined],
      ["Answer: (20 + 5) / 5", undefined],
      ["Answer: $20 - $5", undefined],
      ["Answer: 2^10", undefined],
      ["Answer: she has 20 - 5", undefined],
      ["Answer: 2 × 3 × 10^4", undefined],
      ["Answer: 20 - 5 = 15", 15],
      ["Answer: 2 × 3 × 10^4 = 60 000", 60000],
      ["Answer: 15 (20 - 5)", 15],
      ["Answer: 15 apples, since 20 - 5 = 15", 15],
      ["Answer: 15 - the rest is gone", 15],
      ["Answer: 12-foot", 12]
    ]))

  it("that does not say which is its answer is the result on its last line", () =>
    found([
      ["8", 8],
      ["10 apples.", 10],
      ["[16+24+5=45]", 45],
      ["4×5 → 60\nA: [60]", 60],
      ["first 3\nthen A: 600,000 feet", 600000],
      ["The sum is 12.", 12],
      ["**12**", 12]
    ]))

  it("is none where there is none, or where the reply was cut before it", () =>
    found([
      ["", undefined],
      ["Answer:", undefined],
      ["Answer: VALUE", undefined],
      ["no digits here", undefined],
      ["B = (7 - -7 - 9 - -8) = (7 - ", undefined],
      ["= ((-3 * 0) * (8 + 6))", undefined],
      ["We have 3 boxes with 4 pens and 2 books", undefined],
      ["Answer: 1/0", undefined]
    ]))

  it("counts for what it is worth and not for how it is written", () => {
    for (const [reply, answer, score] of [
      ["Answer: 1,200.00", "1200", 1],
      ["Answer: 3/4", "0.75", 1],
      ["Answer: 1/3", "0.3333", 0],
      ["Answer: 75", "-75", 0],
      ["Answer: 20 - 5", "20", 0],
      ["Answer: 24", "24", 1],
      ["Answer: 24.5", "24", 0],
      ["Answer: 24", "no number", 0]
    ] as const)
      assert.strictEqual(Numeric.score(reply, answer).score, score, reply)
    assert.strictEqual(Numeric.score("Answer: 7", "8").feedback, "The answer 7 is wrong, it must be 8.")
    assert.match(Numeric.score("", "8").feedback, /^No number can be read as the answer, which is 8/)
  })

  it.prop(
    "comes back as it was written, with separators or without",
    [Schema.Int.check(Schema.isBetween(range))],
    ([n]) => {
      const separated = n.toLocaleString("en-US")
      for (const text of [`${n}`, separated, `${n}.0`, `**${separated}**`]) {
        assert.strictEqual(Numeric.score(`Well.\n\nAnswer: ${text}`, `${n}`).score, 1, text)
        assert.strictEqual(Numeric.score(`So the answer is ${text}.`, `${n}`).score, 1, text)
        assert.strictEqual(Numeric.score(`Answer: ${text}`, `${n + 1}`).score, 0, text)
      }
    }
  )
})
