/**
 * A law: a sentence, and a check that fails where the sentence is not true.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Formatter from "effect/Formatter"
import * as Schema from "effect/Schema"

/** What was tested does not obey a law. `law` is the sentence, `message` what was seen. */
export class LawBroken extends Schema.TaggedError<LawBroken>()("LawBroken", {
  law: Schema.String,
  message: Schema.String
}) {}

/** `Case`: what the law is checked on, such as a generated graph. */
export interface Law<in Subject, in Case> {
  readonly name: string
  readonly check: (subject: Subject, on: Case) => Effect.Effect<void, LawBroken>
}

/** A check of a law under way: `expect` compares. */
export interface Check {
  /** Fails unless both are equal by value. `what` was compared, in words. */
  readonly expect: (what: string, actual: unknown, expected: unknown) => Effect.Effect<void, LawBroken>
  readonly fail: (message: string) => Effect.Effect<never, LawBroken>
}

/** A law by its sentence. Whatever else goes wrong in its check, a defect too, breaks it. */
export const make = <Subject, Case, E>(
  name: string,
  check: (subject: Subject, on: Case, law: Check) => Effect.Effect<void, E>
): Law<Subject, Case> => {
  const broken = (message: string) => new LawBroken({ law: name, message: `${name}: ${message}` })
  const law: Check = {
    fail: (message) => Effect.fail(broken(message)),
    expect: (what, actual, expected) =>
      Equal.equals(actual, expected)
        ? Effect.void
        : Effect.fail(broken(`${what} is ${Formatter.format(actual)}, expected ${Formatter.format(expected)}`))
  }
  return {
    name,
    check: (subject, on) =>
      Effect.catchCause(
        Effect.suspend(() => check(subject, on, law)),
        (cause) => {
          const error = Cause.squash(cause)
          return Effect.fail(error instanceof LawBroken ? error : broken(Cause.pretty(cause)))
        }
      )
  }
}
