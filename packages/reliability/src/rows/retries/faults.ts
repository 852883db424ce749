/**
 * The eighteen things that go wrong with providers, each as an answer of a model without sockets and of a server with
 * them, and what is known of it.
 */
import { Completion, TextModelError as Errors } from "@backprose/core"
import { Fault, FaultReply as Reply } from "@backprose/testing"
import * as Effect from "effect/Effect"

/** What chance decides of a case. */
export interface Dice {
  /** How long an attempt may take, and how long the provider takes to answer, in milliseconds. */
  readonly attemptMs: number
  readonly takesMs: number
  /** Of the replies that say what they used. */
  readonly usage: Completion.Usage
}

export interface FaultKind {
  readonly name: string
  /** How many attempts in a row meet it before the provider is well; `Infinity` is for ever. */
  readonly times: number
  /** The failure of a call whose last attempt met it. */
  readonly tag: Errors.TextModelError["_tag"]
  /** Whether it is asked again as long as attempts are left, once, or never. */
  readonly again: "always" | "once" | "never"
  /** For the account: what it used is known, or nobody knows, or it was refused and used nothing. */
  readonly account: "used" | "lost" | "refused"
  readonly retryAfterMs?: number
  /** Without a network. */
  readonly scripted: (dice: Dice) => Effect.Effect<Completion.Completion, Errors.TextModelError>
  /** On the wire, in shorter time. */
  readonly wire: Reply.Reply
}

/** A longer pause than any of these calls waits for. */
export const longestPauseMs = 60_000
/** More than any of these calls reads, in characters and in bytes. */
export const maxReplyLength = 200_000

const fails = (make: (dice: Dice) => Errors.TextModelError) => (dice: Dice) =>
  Effect.delay(
    Effect.suspend(() => Effect.fail(make(dice))),
    dice.takesMs
  )

const says = (text: string, finishReason: Completion.FinishReason) => (dice: Dice) =>
  Effect.delay(Effect.succeed(Completion.make(text, { finishReason, usage: dice.usage })), dice.takesMs)

const whole = Reply.text("a reply of some words")
const tenMegabytes = "x".repeat(10_000_000)

const always = { times: Number.POSITIVE_INFINITY }
const refused = { again: "never", account: "refused" } as const
const paid = { again: "never", account: "used" } as const
const away = { tag: "ProviderUnavailable", again: "always", account: "lost" } as const
const malformed = { tag: "ReplyUnreadable", again: "once", account: "lost" } as const
const empty = { tag: "EmptyReply", again: "once", account: "used" } as const
const late = { tag: "TimedOut", again: "always", account: "lost" } as const

const unavailable = (message: string) => fails(() => new Errors.ProviderUnavailable({ message }))
const unreadable = (message: string) => fails(() => new Errors.ReplyUnreadable({ message, text: "" }))
const nothing = (message: string) => fails(({ usage }) => new Errors.EmptyReply({ message, usage }))
const limited = (retryAfterMs: number) => fails(() => new Errors.RateLimited({ message: "slow down", retryAfterMs }))

/** What the tables of the documentation call the eighteen fault kinds. */
export const faults: ReadonlyArray<FaultKind> = [
  {
    ...{ name: "429 for 2 s, twice", times: 2, tag: "RateLimited", again: "always", account: "refused" },
    retryAfterMs: 2000,
    scripted: limited(2000),
    wire: Fault.rateLimited({ retryAfterMs: 60 })
  },
  {
    ...{ name: "429 for 120 s", ...always, tag: "RateLimited", ...refused },
    scripted: limited(120_000),
    wire: Fault.rateLimited({ retryAfter: "120" })
  },
  {
    ...{ name: "429 without credit", ...always, tag: "QuotaExhausted", ...refused },
    scripted: fails(() => new Errors.QuotaExhausted({ message: "no credit" })),
    wire: Fault.quotaExhausted
  },
  { ...{ name: "500", ...always, ...away }, scripted: unavailable("HTTP 500"), wire: Fault.serverError() },
  { ...{ name: "529, twice", times: 2, ...away }, scripted: unavailable("HTTP 529"), wire: Fault.serverError(529) },
  {
    ...{ name: "reset before headers", times: 1, ...away },
    scripted: unavailable("ECONNRESET"),
    wire: Fault.resetBeforeHeaders
  },
  {
    ...{ name: "reset in the body", times: 1, ...away },
    scripted: unavailable("terminated"),
    wire: Fault.resetMidBody(whole)
  },
  {
    ...{ name: "truncated JSON", times: 1, ...malformed },
    scripted: unreadable("the reply is not JSON"),
    wire: Fault.truncated(whole)
  },
  { ...{ name: "a page of HTML", ...always, ...malformed }, scripted: unreadable("HTML"), wire: Fault.html },
  { ...{ name: "no choices", ...always, ...empty }, scripted: nothing("no choice"), wire: Fault.emptyChoices },
  { ...{ name: "content null", ...always, ...empty }, scripted: nothing("no content"), wire: Fault.nullContent },
  {
    ...{ name: "filtered", ...always, tag: "ContentFiltered", ...paid },
    scripted: says("", "content-filter"),
    wire: Fault.contentFiltered
  },
  {
    ...{ name: "cut by length", ...always, tag: "ReplyCut", ...paid },
    scripted: says("half a repl", "length"),
    wire: Fault.cutByLength("half a repl")
  },
  {
    ...{ name: "context too long", ...always, tag: "ContextTooLong", ...refused },
    scripted: fails(() => new Errors.ContextTooLong({ message: "too long", limit: 8192, asked: 9001 })),
    wire: Fault.contextTooLong
  },
  {
    ...{ name: "401", ...always, tag: "Unauthorized", ...refused },
    scripted: fails(() => new Errors.Unauthorized({ message: "the key is wrong" })),
    wire: Fault.unauthorized
  },
  { ...{ name: "no reply", ...always, ...late }, scripted: () => Effect.never, wire: Fault.hang },
  {
    ...{ name: "byte by byte", ...always, ...late },
    scripted: (dice) => Effect.delay(says("late", "stop")(dice), dice.attemptMs),
    wire: Fault.trickle(whole, 50)
  },
  {
    // a server's bytes are counted as they come, and what they used is never read: on the wire it is lost
    ...{ name: "10 MB", ...always, tag: "ReplyTooLarge", ...paid },
    scripted: says(tenMegabytes, "stop"),
    wire: Fault.huge(10_000_000)
  }
]
