/**
 * An evaluation as data: a line an example, then one that sums up.
 */
import { Completion, Event, Example, Spend } from "@backprose/core"
import * as Schema from "effect/Schema"
import * as Sanitize from "../terminal/Sanitize.ts"

/** The last line of `evaluate --json`; those before it are core's `Example.Result`. */
export const EvaluationRecord = Schema.TaggedStruct("EvaluationRecord", {
  task: Schema.String,
  split: Schema.Literals(["train", "validation", "test"]),
  model: Schema.String,
  parameters: Schema.Record(Schema.String, Schema.Json),
  summary: Event.Summary,
  usage: Completion.Usage,
  spend: Schema.optionalKey(Spend.Spend),
  /** Replies of the cache, which cost nothing; present where it was used. */
  cached: Schema.optionalKey(Schema.Int),
  elapsedMs: Schema.Finite
})
export type EvaluationRecord = typeof EvaluationRecord.Type

const encodeResult = Schema.encodeSync(Schema.fromJsonString(Example.Result))
const encodeRecord = Schema.encodeSync(Schema.fromJsonString(EvaluationRecord))

/** A result as a line of JSON. */
export const resultLine = (result: Example.Result): string => Sanitize.json(encodeResult(result))

/** The summary as a line of JSON. */
export const recordLine = (record: EvaluationRecord): string => Sanitize.json(encodeRecord(record))
