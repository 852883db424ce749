/**
 * The fold from records to an account. Each thread is followed by itself: a prompt and its reply are records of one thread.
 */
import type { Account, Call, Failure, Said, Update } from "./Account.ts"
import * as ForwardText from "./ForwardText.ts"
import type { LogRecord } from "./LogRecord.ts"
import * as Shortened from "./Shortened.ts"
import * as Tagged from "./Tagged.ts"

export interface Collector {
  readonly add: (record: LogRecord) => void
  /** `torn`: see `Account`. `undefined` where there was no record. */
  readonly account: (torn?: number) => Account | undefined
}

/** A prompt, until its reply comes. */
interface Asked {
  readonly record: LogRecord
  readonly prompt: string
  readonly role: string | undefined
}

/** That of an optimizer, until the value is set. */
interface Updating extends Asked, Tagged.About {
  readonly role: string
  readonly reply?: string
}

/** Where a thread is. */
interface Thread {
  criticised?: Asked | undefined
  updated?: Updating | undefined
  /** The step that its optimizer is in, with what it has seen and set so far, by role. */
  step?: { readonly number: number; readonly had: Array<Tagged.About> } | undefined
  /** The text of the record before, where it is of a kind that some versions log twice. */
  repeatable?: string | undefined
}

export const make = (): Collector => {
  const threads = new Map<string, Thread>()
  const calls: Array<Call> = []
  const said: Array<Said> = []
  const updates: Array<Update> = []
  const failures: Array<Failure> = []
  const unknown: Array<LogRecord> = []
  const seen = { records: 0, startedAt: Number.POSITIVE_INFINITY, endedAt: 0, lastLine: 0, momentum: false }
  let steps = 0

  const stepOf = (thread: Thread, { role, shown }: Tagged.About): number => {
    // a variable that it has had before: it is the next step
    const again = thread.step?.had.some((one) => one.role === role && one.shown === shown)
    if (thread.step === undefined || again) thread.step = { number: ++steps, had: [] }
    thread.step.had.push({ role, shown })
    return thread.step.number
  }

  const answered = (kind: Call["kind"], { line, at }: LogRecord, response: string, asked?: Asked) =>
    calls.push({
      kind,
      line,
      at,
      ...(asked?.role === undefined ? {} : { role: asked.role }),
      ...(asked === undefined ? {} : { prompt: asked.prompt }),
      response
    })

  const backward = (thread: Thread, record: LogRecord, through: string, isReply: boolean) => {
    const text = record.fields[`_backward_through_${through}`] ?? ""
    if (!isReply) {
      thread.criticised = { record, prompt: text, role: Tagged.role(text) }
      return
    }
    const asked = thread.criticised
    thread.criticised = undefined
    answered("backward", record, text, asked)
    const role = asked?.role === undefined ? {} : { role: asked.role }
    said.push({ line: record.line, text, from: through === "llm" ? "a model call" : "a function", ...role })
  }

  /** Whether it was understood. */
  const optimizer = (thread: Thread, record: LogRecord, what: string): boolean => {
    const { line, fields } = record
    if (what === "prompt for update") {
      const prompt = fields["prompt"] ?? ""
      const about = Tagged.variable(prompt)
      thread.updated = about === undefined ? undefined : { record, prompt, ...about }
      return about !== undefined
    }
    const asked = thread.updated
    if (asked === undefined) return false
    const { prompt, reply = "", role, shown } = asked
    if (what === "optimizer response") {
      const reply = fields["optimizer.response"] ?? ""
      answered("optimizer", record, reply, asked)
      thread.updated = { ...asked, reply }
      return true
    }
    thread.updated = undefined
    const step = stepOf(thread, asked)
    if (what !== "updated text") {
      failures.push({ line, at: record.at, step, role })
      return true
    }
    const after = fields["parameter.value"] ?? ""
    thread.step?.had.push({ role, shown: Shortened.of(after) })
    const { at, line: askedAt } = asked.record
    updates.push({ line, asked: askedAt, at, thread: record.thread, step, role, shown, after, prompt, reply })
    return true
  }

  const other = (record: LogRecord): boolean => {
    const { line, at, message, fields } = record
    switch (message) {
      case "LLMCall function forward":
        calls.push({ kind: "forward", line, at, ...ForwardText.ofCall(fields["text"] ?? "") })
        return true
      case "MultimodalLLMCall function forward":
        calls.push({ kind: "forward", line, at, ...ForwardText.ofMultimodal(fields["text"] ?? "") })
        return true
      case "StringBasedFunction":
        calls.push({ kind: "function", line, at, ...ForwardText.ofFunction(fields["text"] ?? "") })
        return true
      case "Reduced gradients": {
        const text = fields["reduced_gradients"] ?? ""
        answered("reduce", record, text)
        said.push({ line, text, from: "a summary of several" })
        return true
      }
      case "Idempotent backward":
      case "aggregation backward": {
        const text = fields["v_gradient_value"] ?? ""
        const from = fields["summation_role"] ?? fields["aggregation_role"] ?? ""
        if (text !== "") said.push({ line, text, from })
        return true
      }
      default:
        return message.startsWith("Reducing gradients for group ")
    }
  }

  const understood = (thread: Thread, record: LogRecord): boolean => {
    const { message } = record
    const update = updating.exec(message)
    if (update !== null) return optimizer(thread, record, update[1]!)
    thread.step = undefined
    if (/momentum window/.test(message)) return true
    const through = criticising.exec(message)
    if (through === null) return other(record)
    backward(thread, record, through[1]!, through[2] === " gradient")
    return true
  }

  return {
    add: (record) => {
      seen.records += 1
      seen.startedAt = Math.min(seen.startedAt, record.at)
      seen.endedAt = Math.max(seen.endedAt, record.at)
      seen.lastLine = record.line
      seen.momentum ||= /momentum/i.test(record.message)
      const thread = threads.get(record.thread) ?? {}
      threads.set(record.thread, thread)
      const text = repeatable(record)
      const isTwice = text !== undefined && text === thread.repeatable
      thread.repeatable = text
      if (!isTwice && !understood(thread, record)) unknown.push(record)
    },
    account: (torn) =>
      seen.records === 0
        ? undefined
        : {
            ...seen,
            calls: [...calls, ...[...threads.values()].flatMap(unanswered)].toSorted((a, b) => a.line - b.line),
            said,
            updates,
            failures,
            unknown,
            ...(torn === undefined ? {} : { torn })
          }
  }
}

const updating =
  /^\w*Textual\w* (prompt for update|optimizer response|optimizer response could not be indexed|updated text)$/
const criticising = /^_backward_through_(llm|string_fn)( prompt| gradient)?$/

const repeatable = ({ fields, message }: LogRecord): string | undefined =>
  message === "Reduced gradients"
    ? fields["reduced_gradients"]
    : message.endsWith(" updated text")
      ? fields["parameter.value"]
      : undefined

/** What a thread had asked when the log ended. */
const unanswered = ({ criticised, updated }: Thread): ReadonlyArray<Call> => [
  ...(criticised === undefined ? [] : [pending("backward", criticised)]),
  ...(updated === undefined || updated.reply !== undefined ? [] : [pending("optimizer", updated)])
]

const pending = (kind: Call["kind"], { prompt, record, role }: Asked): Call => ({
  kind,
  line: record.line,
  at: record.at,
  prompt,
  ...(role === undefined ? {} : { role })
})
