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

interface Asked {
  readonly record: LogRecord
  readonly prompt: string
  readonly about: Tagged.About | undefined
  /** The optimizer's; other prompts are done with when their reply comes. */
  readonly reply?: string
}

/** Where a thread is. */
interface Thread {
  criticised?: Asked | undefined
  updated?: Asked | undefined
  /** The step that its optimizer is in, with what it has seen and set so far, by role. */
  step?: { readonly number: number; readonly had: Array<Tagged.About> } | undefined
  /** The text of the record before, where it is of a kind that some versions log twice. */
  repeatable?: string | undefined
}

export const make = (): Collector => {
  const threads = new Map<string, Thread>()
  const [calls, said, updates, failures, unknown]: [
    Array<Call>,
    Array<Said>,
    Array<Update>,
    Array<Failure>,
    Array<LogRecord>
  ] = [[], [], [], [], []]
  let [records, first, last, lastLine, steps, momentum] = [0, Number.POSITIVE_INFINITY, 0, 0, 0, false]

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
      ...(asked?.about === undefined ? {} : { role: asked.about.role }),
      ...(asked === undefined ? {} : { prompt: asked.prompt }),
      response
    })

  const backward = (thread: Thread, record: LogRecord, through: string, isReply: boolean) => {
    const text = record.fields[`_backward_through_${through}`] ?? ""
    if (!isReply) {
      thread.criticised = { record, prompt: text, about: Tagged.ofCritic(text) }
      return
    }
    const asked = thread.criticised
    thread.criticised = undefined
    answered("backward", record, text, asked)
    const role = asked?.about === undefined ? {} : { role: asked.about.role }
    said.push({ line: record.line, text, from: through === "llm" ? "a model call" : "a function", ...role })
  }

  /** Whether it was understood. */
  const optimizer = (thread: Thread, record: LogRecord, what: string): boolean => {
    const { line, fields } = record
    if (what === "prompt for update") {
      const prompt = fields["prompt"] ?? ""
      thread.updated = { record, prompt, about: Tagged.ofOptimizer(prompt) }
      return true
    }
    const asked = thread.updated
    if (asked?.about === undefined) return false
    const { role, shown } = asked.about
    if (what === "optimizer response") {
      const reply = fields["optimizer.response"] ?? ""
      answered("optimizer", record, reply, asked)
      thread.updated = { ...asked, reply }
      return true
    }
    thread.updated = undefined
    const step = stepOf(thread, asked.about)
    if (what !== "updated text") {
      failures.push({ line, at: record.at, step, role })
      return true
    }
    const after = fields["parameter.value"] ?? ""
    thread.step?.had.push({ role, shown: Shortened.of(after) })
    const { prompt, reply = "" } = asked
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
      records += 1
      first = Math.min(first, record.at)
      last = Math.max(last, record.at)
      lastLine = record.line
      momentum ||= /momentum/i.test(record.message)
      const thread = threads.get(record.thread) ?? {}
      threads.set(record.thread, thread)
      const text = repeatable(record)
      const isTwice = text !== undefined && text === thread.repeatable
      thread.repeatable = text
      if (!isTwice && !understood(thread, record)) unknown.push(record)
    },
    account: (torn) =>
      records === 0
        ? undefined
        : {
            records,
            startedAt: first,
            endedAt: last,
            lastLine,
            calls: [...calls, ...[...threads.values()].flatMap(unanswered)].toSorted((a, b) => a.line - b.line),
            said,
            updates,
            failures,
            momentum,
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
const unanswered = ({ criticised, updated }: Thread): ReadonlyArray<Call> =>
  (["backward", "optimizer"] as const).flatMap((kind) => {
    const asked = kind === "backward" ? criticised : updated
    if (asked === undefined || asked.reply !== undefined) return []
    const { about, prompt, record } = asked
    return [{ kind, line: record.line, at: record.at, prompt, ...(about === undefined ? {} : { role: about.role }) }]
  })
