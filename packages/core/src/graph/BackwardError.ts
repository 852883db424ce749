/**
 * Why feedback could not be carried back through an operation.
 */
import * as Schema from "effect/Schema"
import { TextModelError } from "../model/TextModelError.ts"

/** The pullback gave another number of entries than the operation has inputs. */
export class PullbackArity extends Schema.TaggedError<PullbackArity>()("PullbackArity", {
  message: Schema.String,
  expected: Schema.Int,
  actual: Schema.Int
}) {}

/** An operation of the user's own could not differentiate itself. */
export class PullbackFailed extends Schema.TaggedError<PullbackFailed>()("PullbackFailed", {
  message: Schema.String
}) {}

/** `operation` is the one that failed; `reason` is why (`Effect.catchReason("BackwardError", "RateLimited", …)`). */
export class BackwardError extends Schema.TaggedError<BackwardError>()("BackwardError", {
  operation: Schema.String,
  reason: Schema.Union([TextModelError, PullbackArity, PullbackFailed])
}) {
  override get message(): string {
    return `backward of ${this.operation}: ${this.reason.message}`
  }
}
