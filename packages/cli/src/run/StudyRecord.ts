/**
 * A study as data: a line an attempt, then one that sums up.
 */
import { Completion, Spend } from "@backprose/core"
import { Attempt, Gap, StudyReport } from "@backprose/tasks"
import * as Schema from "effect/Schema"
import * as Sanitize from "../terminal/Sanitize.ts"

/** `study.json`, and the last line of `solve <task> --json`; the lines before it are attempts. */
export const StudyRecord = Schema.TaggedStruct("StudyRecord", {
  version: Schema.Literal(1),
  task: Schema.String,
  /** `stopped` also where its process went without a word: then the file says `running`, and nobody runs it. */
  status: Schema.Literals(["running", "finished", "stopped"]),
  models: Schema.Struct({ forward: Schema.String, backward: Schema.String, optimizer: Schema.String }),
  seed: Schema.Int,
  updates: Schema.Int,
  data: Schema.optionalKey(Schema.String),
  /** How the questions were ordered, and the answers scored; absent: by the seed, exactly. */
  order: Schema.optionalKey(Schema.Literals(["sound", "textgrad"])),
  scoring: Schema.optionalKey(Schema.Literals(["exact", "textgrad"])),
  /** How many attempts make up the whole. */
  attempts: Schema.Int,
  /** Of the attempts so far. */
  report: StudyReport.StudyReport,
  /** Of code: answers that pass the public tests, and those that pass the hidden ones too. */
  gaps: Schema.optionalKey(Schema.Array(Gap.Line)),
  usage: Completion.Usage,
  spend: Spend.Spend,
  elapsedMs: Schema.Finite
})
export type StudyRecord = typeof StudyRecord.Type

const encodeAttempt = Schema.encodeSync(Schema.fromJsonString(Attempt.Attempt))

/** The codec of the file. */
export const Json = Schema.fromJsonString(StudyRecord)

const encodeRecord = Schema.encodeSync(Json)

/** An attempt as a line of JSON. */
export const attemptLine = (attempt: Attempt.Attempt): string => Sanitize.json(encodeAttempt(attempt))

/** The summary as a line of JSON. */
export const recordLine = (record: StudyRecord): string => Sanitize.json(encodeRecord(record))
