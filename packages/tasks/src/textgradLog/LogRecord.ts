/**
 * One line of TextGrad's log: a record of Python's logging with all its fields, and with what was logged beside them. Version
 * 0.1.8 writes every value as a string; numbers are taken as well, and `msg` where there is no `message`.
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** A line that is no record of TextGrad's log. `line` counts from 1. */
export class LogInvalid extends Schema.TaggedError<LogInvalid>()("LogInvalid", {
  line: Schema.Int,
  problem: Schema.String
}) {
  override get message(): string {
    return `line ${this.line}: ${this.problem}`
  }
}

/** A record of the log. */
export interface LogRecord {
  /** From 1. */
  readonly line: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** Process and thread: what these say is in order, what others say comes in between. */
  readonly thread: string
  /** What happened, in TextGrad's words. */
  readonly message: string
  /** What was logged with it, by name. */
  readonly fields: Readonly<Record<string, string>>
}

const Fields = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))
const decode = Schema.decodeUnknownOption(Fields)

/** The record of a line. */
export const parse = (text: string, line: number): Result.Result<LogRecord, LogInvalid> => {
  const invalid = (problem: string) => Result.fail(new LogInvalid({ line, problem }))
  const decoded = decode(text)
  if (Option.isNone(decoded)) return invalid("it is no JSON object")
  const fields = Object.fromEntries(Object.entries(decoded.value).map(([name, value]) => [name, asText(value)]))
  const message = fields["message"] ?? fields["msg"]
  const created = Number(fields["created"])
  if (message === undefined) return invalid(`it has no "message": it is no record of TextGrad's log`)
  if (!(created > 0)) return invalid(`its "created" is no time: it is no record of TextGrad's log`)
  const thread = `${fields["process"] ?? ""}/${fields["thread"] ?? ""}`
  return Result.succeed({ line, at: Math.round(created * 1000), thread, message, fields })
}

const asText = (value: Schema.Json): string => (typeof value === "string" ? value : JSON.stringify(value))
