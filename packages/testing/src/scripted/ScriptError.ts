/**
 * How a program and its script can disagree. These are defects, not failures: a test that has them is wrong somewhere, and
 * no `catch` of the program under test should hide it.
 */
import * as Schema from "effect/Schema"

/** A model was asked more often than the script has replies. */
export class ScriptExhausted extends Schema.TaggedError<ScriptExhausted>()("ScriptExhausted", {
  message: Schema.String
}) {}

/** The program ended, and the script still has replies that nobody asked for. */
export class ScriptNotUsedUp extends Schema.TaggedError<ScriptNotUsedUp>()("ScriptNotUsedUp", {
  message: Schema.String
}) {}

/** A reply of the script cannot answer the request that met it. */
export class ScriptMisfit extends Schema.TaggedError<ScriptMisfit>()("ScriptMisfit", { message: Schema.String }) {}
