/**
 * What a run spent before it was stopped, read from its journal: each request that went out, and what became of it.
 */
import * as Effect from "effect/Effect"
import type { Record } from "../journal/Record.ts"
import * as Account from "./Account.ts"
import * as Charge from "./Charge.ts"
import * as Ledger from "./Ledger.ts"
import * as Price from "./Price.ts"
import * as Spend from "./Spend.ts"

/** @internal */
export interface Restored {
  readonly account: Account.Account
  /** What counts against a budget: more than the account where something was lost. */
  readonly spent: Ledger.Amount
  readonly calls: number
  /** How long the sessions were, together. */
  readonly elapsedMs: number
}

type Sent = Extract<Record, { readonly _tag: "Sent" }>

const key = ({ key, occurrence, place }: Sent | Extract<Record, { readonly _tag: "Replied" | "Returned" }>): string =>
  `${key} ${occurrence} ${place}`

const elapsed = (records: ReadonlyArray<Record>): number => {
  let [total, opened, last] = [0, 0, 0]
  for (const record of records) {
    if (record._tag === "Opened") {
      total += last - opened
      opened = record.at
    }
    last = record.at
  }
  return Math.max(0, total + last - opened)
}

/** @internal */
export const of = Effect.fnUntraced(function* (records: ReadonlyArray<Record>): Effect.fn.Return<Restored> {
  const prices = new Map<string, Price.Price | undefined>()
  const price = Effect.fnUntraced(function* ({ identity }: Sent) {
    const name = JSON.stringify(identity ?? null)
    if (!prices.has(name)) prices.set(name, yield* Price.of(identity))
    return prices.get(name)
  })
  let account = Account.empty
  let spent = Ledger.nothing
  /** Requests of a question that are still out. An empty list is a question whose requests are all back. */
  const out = new Map<string, Array<Sent>>()
  for (const record of records) {
    if (record._tag === "Sent") {
      account = Account.sent(account)
      out.set(key(record), [...(out.get(key(record)) ?? []), record])
    } else if (record._tag === "Returned" || record._tag === "Replied") {
      // a reply that was not sent for came from a cache
      const sent = out.get(key(record))?.pop()
      if (sent === undefined) continue
      const reply =
        record._tag === "Replied"
          ? record.completion
          : record.usage === undefined
            ? undefined
            : { text: "", usage: record.usage }
      if (reply !== undefined) {
        const charge = Charge.ofReply(reply, sent.request, yield* price(sent))
        account = Account.replied(account, charge)
        spent = Ledger.plus(spent, charge.amount)
      } else if (record._tag === "Returned") {
        const fate = Spend.fateOf(record.error)
        account = Account.failed(account, fate)
        if (fate.billed) {
          spent = Ledger.plus(spent, Charge.most(sent.request, yield* price(sent), account.largestReply))
        }
      }
    }
  }
  // what never came back was ended, or was out when the process died
  for (const sent of [...out.values()].flat()) {
    account = Account.failed(account, Spend.cancelled)
    spent = Ledger.plus(spent, Charge.most(sent.request, yield* price(sent), account.largestReply))
  }
  return { account, spent, calls: out.size, elapsedMs: elapsed(records) }
})
