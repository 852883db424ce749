/**
 * Text into a typed value. A text that cannot be read is no failure of the program: it is feedback on the text.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import * as Structured from "../reply/Structured.ts"

/**
 * Reads JSON of a schema from a text, also inside a code fence or between words. The value is a `Result`: the decoded
 * value, or what is wrong in words. Backward: where reading failed, that is the feedback on the text; else feedback
 * passes through.
 */
export const json = <A, R>(
  variable: Variable.Variable<string, R>,
  schema: Schema.Codec<A, unknown>,
  options: { readonly role: string; readonly name?: string }
): Variable.Variable<Result.Result<A, string>, R> => {
  const value = Structured.of(options.name ?? "value", schema).read(variable.value)
  return Variable.applied<Result.Result<A, string>, R>({
    value,
    role: options.role,
    name: "Parse",
    inputs: [variable],
    pullback: (feedback) =>
      Effect.succeed([
        Result.isSuccess(value)
          ? feedback
          : [
              Feedback.make(`It could not be read as ${options.role}: ${value.failure}`, {
                from: options.role,
                score: 0
              })
            ]
      ])
  })
}
