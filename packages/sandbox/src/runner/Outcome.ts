/** What became of a program. Plain data, so that a journal can keep it. */
import * as Schema from "effect/Schema"

const Said = {
  stdout: Schema.String,
  stderr: Schema.String,
  /** From its start to its end. */
  millis: Schema.Finite
}

/** It came to its own end. */
export const Exited = Schema.TaggedStruct("Exited", { ...Said, code: Schema.Int })

/** It was ended from outside: what it took too much of. */
export const Killed = Schema.TaggedStruct("Killed", {
  ...Said,
  because: Schema.Literals(["time", "memory", "output", "signal"])
})

export const Outcome = Schema.Union([Exited, Killed])
export type Outcome = typeof Outcome.Type
