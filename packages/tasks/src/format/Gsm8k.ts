/** GSM8K (Cobbe et al., arXiv 2110.14168): JSON lines of `question` and `answer`, whose last line is `#### 42`. */
import * as Schema from "effect/Schema"
import { either, Input, lines } from "./Reader.ts"
import type { Worded } from "./Worded.ts"

const Published = Schema.Struct({
  question: Schema.String,
  answer: Schema.String.check(Schema.isPattern(/####\s*\S+\s*$/, { message: "Expected a last line such as #### 42" }))
})

/** The rows; the answer is the number without its thousands separators. */
export const read = either({
  published: lines(
    Published,
    ({ answer, question }, id): Worded => ({
      id,
      question,
      answer: (answer.split("####").at(-1) ?? "").trim().replaceAll(",", "")
    })
  ),
  neutral: lines(Input, ({ id, input, target }): Worded => ({ id, question: input, answer: target }))
})
