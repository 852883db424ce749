import { BackwardError, OptimizerError, TextModelError } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import * as ExitCode from "./ExitCode.ts"

const { BudgetExceeded, ModelUnknown, ProviderUnavailable, QuotaExhausted, RateLimited, TimedOut, Unauthorized } =
  TextModelError

describe("exit codes", () => {
  it("are 3 where the provider refuses", () => {
    for (const error of [
      new Unauthorized({ message: "" }),
      new ModelUnknown({ message: "" }),
      new QuotaExhausted({ message: "" })
    ])
      assert.strictEqual(ExitCode.of(error), 3)
  })
  it("are 4 where the budget is used up", () =>
    assert.strictEqual(ExitCode.of(new BudgetExceeded({ message: "", of: "calls", limit: 1, spent: 1 })), 4))
  it("are 5 where the provider cannot be had", () => {
    for (const error of [
      new RateLimited({ message: "" }),
      new ProviderUnavailable({ message: "" }),
      new TimedOut({ message: "", afterMs: 1 })
    ])
      assert.strictEqual(ExitCode.of(error), 5)
  })
  it("of a failed step are those of what is behind it", () => {
    const reason = new Unauthorized({ message: "" })
    assert.strictEqual(ExitCode.of(new OptimizerError({ parameter: "p", reason })), 3)
    assert.strictEqual(ExitCode.of(new BackwardError.BackwardError({ operation: "Generate", reason })), 3)
  })
  it("are known for every failure of a model call", () => {
    const tags = TextModelError.TextModelError.members.map(({ fields }) => fields._tag.schema.literal)
    assert.include(tags, "ReplyTooLarge")
    for (const tag of tags) assert.isTrue(ExitCode.codes.has(tag), tag)
  })
  it("of replies that are of no use are 5, and of an operation of the user's own 2", () => {
    for (const tag of ["ReplyTooLarge", "ProposalFailed"]) assert.strictEqual(ExitCode.of({ _tag: tag }), 5)
    for (const tag of ["PullbackArity", "PullbackFailed"]) assert.strictEqual(ExitCode.of({ _tag: tag }), 2)
  })
  it("of any failure of a user's own task are 2, and of a defect 1", () => {
    assert.strictEqual(ExitCode.of({ _tag: "MyOwn" }), 2)
    assert.strictEqual(ExitCode.of(new Error("boom")), 1)
  })
})
