/**
 * The account of a run, entry by entry. The same entries are made while it runs and when its journal is read back.
 */
import type { Charge } from "./Charge.ts"
import type { Fate, Spend } from "./Spend.ts"

export interface Account {
  readonly requests: number
  readonly lost: number
  readonly unpriced: number
  /** Of the replies whose price is known. */
  readonly microUsd: number
  /** Output tokens of the largest reply so far. */
  readonly largestReply: number
}

export const empty: Account = { requests: 0, lost: 0, unpriced: 0, microUsd: 0, largestReply: 0 }

/** A request went out. */
export const sent = (account: Account): Account => ({ ...account, requests: account.requests + 1 })

/** A reply came. */
export const replied = (account: Account, { amount, microUsd }: Charge): Account => ({
  ...account,
  unpriced: account.unpriced + (microUsd === undefined ? 1 : 0),
  microUsd: account.microUsd + (microUsd ?? 0),
  largestReply: Math.max(account.largestReply, amount.outputTokens)
})

/** A request ended without a reply. */
export const failed = (account: Account, { lost }: Fate): Account =>
  lost ? { ...account, lost: account.lost + 1 } : account

/** As people and files read it. */
export const spend = ({ lost, microUsd, requests, unpriced }: Account): Spend => ({
  requests,
  lost,
  usd: microUsd / 1e6,
  unpriced
})
