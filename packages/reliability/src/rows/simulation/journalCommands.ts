/** Any commands on a journal, against a plain list of what must be known: a run that grows, and is started again. */
import {
  Completion,
  Journal,
  type JournalLog,
  type JournalRecord,
  Place,
  Request,
  TextModelError
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const few = Schema.Literals([0, 1])

/** What a program does: these, in this order, again in each session. */
const Ask = Schema.TaggedStruct("Ask", { place: few, question: few, sample: few, fails: Schema.Boolean })
const Record = Schema.TaggedStruct("Record", { place: few, input: few })
const Mark = Schema.TaggedStruct("Mark", {})

export const Command = Schema.Union([
  Ask,
  Ask,
  Ask,
  Record,
  Mark,
  /** The session ends, in order or not, and another begins: of what was not synced, so many records are left. */
  Schema.TaggedStruct("Reopen", { end: Schema.Literals(["killed", "finished", "failed"]), left: few })
])
export type Command = typeof Command.Type
type Action = Extract<Command, { readonly _tag: "Ask" | "Record" | "Mark" }>

/** What the model of a journal knows, in the order of the facts: an outcome of an action, a mark, an end. */
type Fact =
  | { readonly _tag: "Outcome"; readonly action: number; readonly said: string; readonly failed: boolean }
  | { readonly _tag: "Mark"; readonly action: number }
  | { readonly _tag: "Ended"; readonly failed: boolean }
  | { readonly _tag: "Other" }

/** What was said on an action and is still known; a failure of the last step of a run that failed is not. */
const known = (facts: ReadonlyArray<Fact>, action: number): string | undefined => {
  const complete = facts.findLastIndex(({ _tag }) => _tag === "Mark")
  const failure = facts.findLastIndex((fact) => fact._tag === "Ended" && fact.failed)
  const place = facts.findLastIndex(
    (fact, i) => fact._tag === "Outcome" && fact.action === action && !(fact.failed && i > complete && i < failure)
  )
  const fact = facts[place]
  return fact?._tag === "Outcome" ? fact.said : undefined
}

/** A log that knows how much of it is synced. */
const logOf = (records: Array<JournalRecord.Record>, synced: (length: number) => void): JournalLog.Log => ({
  records: [...records],
  append: (record, durable) =>
    Effect.sync(() => {
      records.push(record)
      if (durable) synced(records.length)
    })
})

/** Plays a script; `false` where the journal and the list disagree. */
export const holds = Effect.fnUntraced(function* (script: ReadonlyArray<Command>) {
  const records: Array<JournalRecord.Record> = []
  const facts: Array<Fact> = []
  const program: Array<Action> = []
  let synced = 0
  let asked = 0
  let journal = yield* Journal.make(logOf(records, (length) => (synced = length)))

  /** Every record that is added is one fact, so that what is lost of the one is lost of the other. */
  const settle = (fact?: Fact) => {
    while (facts.length < records.length - (fact === undefined ? 0 : 1)) facts.push({ _tag: "Other" })
    if (fact !== undefined) facts.push(fact)
  }

  const act = Effect.fnUntraced(function* (action: number) {
    const current = program[action]!
    const expected = known(facts, action)
    const before = { asked, records: records.length }
    if (current._tag === "Mark") {
      const marked = facts.some((fact) => fact._tag === "Mark" && fact.action === action)
      yield* journal.mark(`mark ${action}`)
      if (!marked) settle({ _tag: "Mark", action })
      return records.length === before.records + (marked ? 0 : 1)
    }
    const again = facts.some((fact) => fact._tag === "Outcome" && fact.action === action)
    const saying = current._tag === "Record" ? recorded(current) : reply(current, again)
    const said = yield* Place.within(`place ${current.place}`)(saying)
    const failed = current._tag === "Ask" && current.fails && !again
    if (expected === undefined) settle({ _tag: "Outcome", action, said, failed })
    return expected === undefined ? asked === before.asked + 1 : said === expected && asked === before.asked
  })

  const recorded = ({ input }: typeof Record.Type) =>
    Effect.map(
      journal.recorded(
        "effect",
        String(input),
        Schema.Finite,
        Effect.sync(() => ++asked)
      ),
      String
    )

  // what failed once answers when it is asked again
  const reply = ({ fails, question, sample }: typeof Ask.Type, again: boolean) =>
    journal
      .replaying({
        complete: () =>
          Effect.suspend(() => {
            asked += 1
            return fails && !again
              ? Effect.fail(new TextModelError.ProviderUnavailable({ message: `away ${asked}` }))
              : Effect.succeed(Completion.make(`reply ${asked}`))
          })
      })
      .complete(
        Request.make({ purpose: "forward", messages: [{ role: "user", content: `question ${question}` }], sample })
      )
      .pipe(
        Effect.result,
        Effect.map((result) => (Result.isSuccess(result) ? result.success.text : result.failure.message))
      )

  settle()
  for (const command of script) {
    if (command._tag === "Reopen") {
      if (command.end !== "killed") {
        yield* journal.end(command.end === "failed")
        settle({ _tag: "Ended", failed: command.end === "failed" })
      }
      records.length = Math.min(records.length, synced + command.left)
      facts.length = records.length
      synced = records.length
      journal = yield* Journal.make(logOf(records, (length) => (synced = length)))
      settle()
      for (const action of program.keys()) if (!(yield* act(action))) return false
    } else {
      program.push(command)
      if (!(yield* act(program.length - 1))) return false
    }
  }
  return true
})
