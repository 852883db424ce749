/**
 * What a run has spent at its providers, attempt by attempt: what was asked, what nobody knows the price of, and what is
 * lost.
 */
import * as Schema from "effect/Schema"
import type { TextModelError } from "../model/TextModelError.ts"

/** The account of a run, over all roles and over all of its sessions. Replies that came from a cache are not in it. */
export const Spend = Schema.Struct({
  /** Requests that went out, each attempt for itself. */
  requests: Schema.Int,
  /** Requests of which nobody knows what they used: broken off, timed out, cancelled. Each may have been billed. */
  lost: Schema.Int,
  /** What the replies with a known price cost, in US dollars. */
  usd: Schema.Finite,
  /** Replies whose price is not known. Their cost comes on top of `usd`. */
  unpriced: Schema.Int
})
export type Spend = typeof Spend.Type

/** Nothing spent. */
export const none: Spend = { requests: 0, lost: 0, usd: 0, unpriced: 0 }

/** What a request that came back without a reply means for the account. */
export interface Fate {
  /** Nobody knows what it used. */
  readonly lost: boolean
  /** The model has answered or may still be answering: what was set aside for it may be billed. */
  readonly billed: boolean
}

const refused: Fate = { lost: false, billed: false }
const away: Fate = { lost: true, billed: false }

/** A request that was cancelled, or whose process died: the provider may not have noticed. */
export const cancelled: Fate = { lost: true, billed: true }

const fates: Partial<Record<string, Fate>> = {
  // the provider turned it down before its model saw it
  RateLimited: refused,
  QuotaExhausted: refused,
  Unauthorized: refused,
  ModelUnknown: refused,
  InvalidRequest: refused,
  ContextTooLong: refused,
  // it never went out
  BudgetExceeded: refused,
  JournalUnwritable: refused,
  JournalMismatch: refused,
  // providers do not bill what failed on their side; a connection that broke may have been one of those
  ProviderUnavailable: away
}

/** What became of a request that failed, by the name of its failure. */
export const fateOf = (error: TextModelError["_tag"] | (string & {})): Fate => fates[error] ?? cancelled
