/**
 * A history read: which requests belong to which call, and what the journal held when.
 */
import type { JournalRecord, Request } from "@backprose/core"
import type { Entry, Fact, History, Question } from "./History.ts"

/** One attempt at the provider, as places in the history. */
export interface Attempt {
  readonly attempt: number
  readonly began: number
  readonly beganAt: number
  readonly ended: number | undefined
  readonly endedAt: number | undefined
  readonly outcome: string | undefined
  readonly retryAfterMs: number | undefined
}

/** One call of the program with its attempts. */
export interface Call {
  readonly session: number
  readonly question: Question
  readonly purpose: Request.Purpose
  readonly ended: number | undefined
  readonly outcome: string | undefined
  readonly text: string | undefined
  readonly attempts: ReadonlyArray<Attempt>
}

export const nameOf = ({ key, occurrence, place }: Question): string => `${place} #${occurrence} ${key}`

type FactOf<Tag extends Fact["_tag"]> = Extract<Fact, { readonly _tag: Tag }>

/** The facts of one kind with their places in the history. */
export const all = <Tag extends Fact["_tag"]>(
  history: History,
  tag: Tag
): ReadonlyArray<{ readonly place: number; readonly entry: Entry; readonly fact: FactOf<Tag> }> =>
  history.flatMap((entry, place) =>
    entry.fact._tag === tag ? [{ place, entry, fact: entry.fact as FactOf<Tag> }] : []
  )

/** Which replies are kept, as a history goes on: those that were synced, and those that a session found in the log. */
export const replies = () => {
  let log: Array<JournalRecord.Record> = []
  const kept = new Set<string>()
  const keep = (records: number) => {
    for (const record of log.slice(0, records)) if (record._tag === "Replied") kept.add(nameOf(record))
  }
  return {
    kept: (name: string): boolean => kept.has(name),
    pass: ({ fact }: Entry): void => {
      if (fact._tag === "Written") log.push(fact.record)
      if (fact._tag === "Synced") keep(fact.records)
      if (fact._tag === "SessionBegan") {
        log = log.slice(0, fact.records)
        keep(fact.records)
      }
    }
  }
}

/**
 * Whether a session failed although the one before it had, and nobody was asked anything: the replies that are kept are
 * the reason, and no resuming helps.
 */
export const failedBefore = (session: History): boolean => {
  const began = all(session, "SessionBegan")[0]?.fact
  return began?.afterFailure === true && all(session, "RequestBegan").length === 0
}

/** The calls of a history, in the order in which they began. */
export const calls = (history: History): ReadonlyArray<Call> => {
  const idOf = (session: number, call: number) => `${session}/${call}`
  const ends = new Map(all(history, "CallEnded").map((end) => [idOf(end.entry.session, end.fact.call), end]))
  const requestEnds = new Map(
    all(history, "RequestEnded").map((end) => [`${idOf(end.entry.session, end.fact.call)}/${end.fact.attempt}`, end])
  )
  const attempts = new Map<string, Array<Attempt>>()
  for (const { entry, fact, place } of all(history, "RequestBegan")) {
    const id = idOf(entry.session, fact.call)
    const end = requestEnds.get(`${id}/${fact.attempt}`)
    const known = attempts.get(id) ?? []
    attempts.set(id, known)
    known.push({
      attempt: fact.attempt,
      began: place,
      beganAt: entry.at,
      ended: end?.place,
      endedAt: end?.entry.at,
      outcome: end?.fact.outcome,
      retryAfterMs: end?.fact.retryAfterMs
    })
  }
  return all(history, "CallBegan").map(({ entry, fact }) => {
    const end = ends.get(idOf(entry.session, fact.call))
    return {
      session: entry.session,
      question: { place: fact.place, key: fact.key, occurrence: fact.occurrence },
      purpose: fact.purpose,
      ended: end?.place,
      outcome: end?.fact.outcome,
      text: end?.fact.text,
      attempts: attempts.get(idOf(entry.session, fact.call)) ?? []
    }
  })
}
