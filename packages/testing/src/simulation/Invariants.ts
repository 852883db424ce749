/**
 * What must hold of every life of a run. Each is a sentence, and a check that names what it found against it. The
 * sentences are the promises of docs/reliability.md, as far as a history can show them.
 */
import { Retry } from "@backprose/core"
import * as Duration from "effect/Duration"
import * as Equal from "effect/Equal"
import { events, type History } from "./History.ts"
import type { Life } from "./Life.ts"
import { poison } from "./Provider.ts"
import * as Reading from "./Reading.ts"
import type { Program } from "./Session.ts"
import * as Steps from "./Steps.ts"

/** A sentence that is not true of a history. */
export interface Broken {
  readonly promise: string
  readonly found: string
}

interface Lives {
  readonly undisturbed: Life
  readonly disturbed: Life
  readonly program: Program
}

type Found = ReadonlyArray<string>

/** Checks both lives by themselves, then against each other. */
export const check = (lives: Lives): ReadonlyArray<Broken> => [
  ...(["undisturbed", "disturbed"] as const).flatMap((name) =>
    Object.entries(ofOne).flatMap(([promise, of]) =>
      of(lives[name], lives.program).map((found) => ({ promise, found: `${name}: ${found}` }))
    )
  ),
  ...Object.entries(ofBoth).flatMap(([promise, of]) => of(lives).map((found) => ({ promise, found })))
]

const ofOne: { readonly [promise: string]: (life: Life, program: Program) => Found } = {
  "a reply is on the disk before anything uses it": ({ history }) => {
    const journal = Reading.replies()
    const used = new Map(
      Reading.calls(history).flatMap(({ ended, outcome, question }) =>
        outcome === "replied" ? [[ended, Reading.nameOf(question)] as const] : []
      )
    )
    return history.flatMap((entry, place) => {
      journal.pass(entry)
      const name = used.get(place)
      return name !== undefined && !journal.kept(name) ? [`session ${entry.session}: ${name}`] : []
    })
  },

  "a reply that is on the disk is never asked for again": ({ history }) => {
    const journal = Reading.replies()
    const asked = new Map(
      Reading.calls(history).flatMap(({ attempts, question }) =>
        attempts.map(({ began }) => [began, Reading.nameOf(question)] as const)
      )
    )
    return history.flatMap((entry, place) => {
      journal.pass(entry)
      const name = asked.get(place)
      return name !== undefined && journal.kept(name) ? [`session ${entry.session}: ${name}`] : []
    })
  },

  "every failure has a name, and every run ends once its causes of failure are gone": ({ history, sessions }) => [
    ...Reading.all(history, "SessionEnded").flatMap(({ entry, fact: { how, why } }) =>
      how === "died" || how === "stuck" || how === "endless"
        ? [`session ${entry.session} ${how}: ${why}`]
        : how === "failed" && (why === undefined || /untagged|JournalMismatch/.test(why))
          ? [`session ${entry.session} failed with ${why}`]
          : []
    ),
    ...(sessions.at(-1) === "finished" ||
    Reading.failedBefore(history.filter(({ session }) => session === lastSession(history)))
      ? []
      : [`it never ended: ${sessions.join(", ")}`])
  ],

  "no reply that is empty, cut, filtered or unreadable is taken as a value": ({ history }) =>
    Reading.all(history, "Happened").flatMap(({ entry, fact: { event } }) =>
      JSON.stringify([Steps.values(event)]).includes(poison)
        ? [`session ${entry.session}: ${event._tag} of step ${event.step}`]
        : []
    ),

  "attempts are counted: three a call, one where another cannot help": ({ history }) =>
    Reading.calls(history).flatMap(({ attempts, question }) => [
      ...(attempts.length > 1 + Retry.defaults.times
        ? [`${attempts.length} requests for ${Reading.nameOf(question)}`]
        : []),
      ...attempts
        .slice(0, -1)
        .map(({ outcome }) => outcome ?? "nothing")
        .filter(
          (outcome, i, all) =>
            !passing.includes(outcome) && !(malformed.includes(outcome) && !malformed.includes(all[i - 1] ?? ""))
        )
        .map((outcome) => `${Reading.nameOf(question)} was asked again after ${outcome}`)
    ]),

  "a provider is never asked again earlier than it said": ({ history }) =>
    Reading.calls(history).flatMap(({ attempts, question }) =>
      attempts.slice(1).flatMap((attempt, i) => {
        const { endedAt, retryAfterMs } = attempts[i]!
        const waited = attempt.beganAt - endedAt!
        return waited < (retryAfterMs ?? 0) || (retryAfterMs ?? 0) > longestPause
          ? [`${Reading.nameOf(question)}: ${waited} ms after an answer that said ${retryAfterMs} ms`]
          : []
      })
    ),

  "the budget of calls is kept over all sessions": ({ history }, { maxCalls }) => {
    // a question that is asked again, since its reply was lost, is still the one call
    const asked = new Set(
      Reading.calls(history).flatMap(({ attempts, question }) =>
        attempts.length > 0 ? [Reading.nameOf(question)] : []
      )
    )
    return maxCalls !== undefined && asked.size > maxCalls ? [`${asked.size} calls of ${maxCalls}`] : []
  },

  "so many requests at once as allowed, and no more": ({ history }, { concurrency }) => {
    const calls = Reading.calls(history)
    // the forward model and the critic are two sources, each with its own limit
    return (["forward", "backward"] as const).flatMap((source) => {
      const changes = calls
        .filter(({ purpose }) => (purpose === "forward") === (source === "forward"))
        .flatMap(({ attempts, session }) =>
          attempts.flatMap(({ began, ended }) => [
            { session, place: began, by: 1 },
            ...(ended === undefined ? [] : [{ session, place: ended, by: -1 }])
          ])
        )
        .sort((a, b) => a.place - b.place)
      const open = new Map<number, number>()
      return changes.flatMap(({ by, session }) => {
        const now = (open.get(session) ?? 0) + by
        open.set(session, now)
        return now > concurrency ? [`session ${session}: ${now} ${source} requests of ${concurrency}`] : []
      })
    })
  },

  "a session that ends leaves nothing behind, and one that is told to stop does so within a second": ({ history }) => {
    const calls = Reading.calls(history)
    return Reading.all(history, "SessionEnded").flatMap(({ entry: { at, session }, fact: { how, timers } }) => {
      if (how === "killed" || how === "power cut" || how === "stuck") return []
      const open = calls.filter(
        (call) => call.session === session && call.attempts.some(({ ended }) => ended === undefined)
      )
      const told = Reading.all(history, "Interrupted").find(({ entry }) => entry.session === session)?.entry.at
      return [
        ...(open.length > 0 ? [`session ${session} left ${open.length} requests open`] : []),
        ...(timers > 0 ? [`session ${session} left ${timers} timers`] : []),
        ...(told !== undefined && at - told > 1000 ? [`session ${session} took ${at - told} ms to stop`] : [])
      ]
    })
  },

  "no reply is lost in a session that ends in order": ({ history }) => {
    const journal = Reading.replies()
    for (const entry of history) journal.pass(entry)
    const finished = new Set(
      Reading.all(history, "SessionEnded").flatMap(({ entry, fact }) =>
        fact.how === "finished" ? [entry.session] : []
      )
    )
    return Reading.calls(history)
      .filter(({ attempts, session }) => finished.has(session) && attempts.some(({ outcome }) => outcome === "replied"))
      .filter(({ question }) => !journal.kept(Reading.nameOf(question)))
      .map(({ question, session }) => `session ${session}: ${Reading.nameOf(question)}`)
  },

  "a step changes all its variables or none, each by the reply that was asked for it": ({ history }) =>
    Steps.check(history)
}

const ofBoth: { readonly [promise: string]: (lives: Lives) => Found } = {
  "a resumed run ends as the run that was never stopped": ({ disturbed, program, undisturbed }) => {
    const [here, there] = [lastOf(disturbed), lastOf(undisturbed)]
    // which call a budget refuses, and what a lost one cost, are no facts about the replies: such a run may end sooner
    const [a, b] =
      program.maxCalls === undefined ? [here, there] : commonOf(here.filter(isCheckpoint), there.filter(isCheckpoint))
    const differs = a.findIndex((event, i) => !Equal.equals(event, b[i]))
    return differs === -1 && a.length === b.length
      ? []
      : [`event ${differs} is ${JSON.stringify(a[differs])}, was ${JSON.stringify(b[differs])}`]
  }
}

const longestPause = Duration.toMillis(Retry.defaults.longestPause)

/** What may be better the next time. An attempt that ran out of time was interrupted. */
const passing = ["RateLimited", "ProviderUnavailable", "interrupted"]

/** What was paid for and cannot be read: worth one more attempt. */
const malformed = ["ReplyUnreadable", "EmptyReply"]

const lastOf = ({ history }: Life): ReadonlyArray<unknown> => events(history, lastSession(history))

const lastSession = (history: History): number => history.at(-1)?.session ?? 0

const isCheckpoint = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "_tag" in event && event._tag === "Checkpointed"

const commonOf = <A>(a: ReadonlyArray<A>, b: ReadonlyArray<A>) => {
  const length = Math.min(a.length, b.length)
  return [a.slice(0, length), b.slice(0, length)] as const
}
