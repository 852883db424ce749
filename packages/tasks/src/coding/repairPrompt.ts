/** Asks the editor to mend code: unlike an instruction, it is for one problem only, which the editor has to see. */
import { Fence, type ProposePrompt } from "@backprose/core"
import type * as Context from "effect/Context"
import type { Problem } from "../format/Problem.ts"
import * as Coder from "./Coder.ts"

type Render = Context.Service.Shape<typeof ProposePrompt>

const system = `You mend code. You are given a programming problem, code that failed some of its tests, and what a reviewer says of it, with the results of the tests.

- Find the mistake behind each failed test, and mend it for all arguments that the problem allows, not for those of the test.
- What the passed tests ask for must go on working. Where the way of the code cannot work, write it anew.
- Give the whole program in "value", nothing but code, then say in "changed", in a few words, what is new in it.`

/** For one problem. */
export const repairPrompt =
  (problem: Problem): Render =>
  ({ feedback, value }) => ({
    system,
    user: [
      "# The problem",
      Fence.wrap("problem", Coder.statement(problem)),
      "",
      "# The review",
      ...feedback.map((review) => Fence.wrap("review", review.text)),
      "",
      // last, so that a small model goes on from it and not from the review
      "# The code",
      Fence.wrap("value", value),
      "",
      "Now write the program, complete."
    ].join("\n")
  })
