/** Asks the editor to revise a solution: unlike an instruction, it is for one question only, which the editor has to see. */
import { Fence, type ProposePrompt } from "@backprose/core"
import type * as Context from "effect/Context"
import type { Question } from "./Question.ts"

type Render = Context.Service.Shape<typeof ProposePrompt>

const system = `You revise the solution of a question. You are given the question, a solution, and the remarks of an examiner.

- Work out anew each step that is remarked upon, before you believe the solution or the remark: either may be wrong.
- Where a remark is right, correct the step and all that follows from it. Where it is wrong, leave the step as it is.
- Give the whole solution in "value", with its reasoning, then say in "changed", in a few words, what is new in it.
- The solution stands alone: no mention of remarks, examiners or earlier versions.`

/** For one question. */
export const revisionPrompt =
  ({ text }: Question): Render =>
  ({ constraints, feedback, value }) => ({
    system,
    user: [
      "# The question",
      Fence.wrap("question", text),
      "",
      "# The solution",
      Fence.wrap("value", value),
      "",
      "# Remarks",
      ...feedback.map((remark) => Fence.wrap("remark", remark.text)),
      "",
      "# Constraints",
      ...constraints.map((constraint) => `- ${Fence.line(constraint)}`),
      "",
      "Now write the solution, complete."
    ].join("\n")
  })
