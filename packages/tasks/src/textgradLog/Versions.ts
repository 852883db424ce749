/**
 * Which updates are of one variable, and what its value was before each of them. The log names variables by their roles,
 * which several may share, and has the value before in short: the values that are known tell them apart.
 */
import type { Account, Update } from "./Account.ts"
import * as Shortened from "./Shortened.ts"

/** A variable of the program. */
export interface Versions {
  /** Its role; where several have the same, the second is called "role (2)". */
  readonly name: string
  readonly role: string
  /** Before its first update. */
  readonly initial: string
  /** Whether that is all of it: where the whole value stands nowhere in the log, words in its middle are missing. */
  readonly isWhole: boolean
  readonly updates: ReadonlyArray<Linked>
}

/** An update, with its value before. */
export interface Linked {
  readonly update: Update
  readonly before: string
}

interface Growing extends Versions {
  readonly updates: Array<Linked>
}

/** The variables of a log that were updated, in the order of their first updates. */
export const of = (account: Account): ReadonlyArray<Versions> => {
  const all: Array<Growing> = []
  for (const update of account.updates) {
    const same = all.filter(({ role }) => role === update.role)
    const found = current(same, update) ?? earlier(same, update)
    if (found !== undefined) {
      found.variable.updates.push({ update, before: found.before })
      continue
    }
    const whole = Shortened.isCut(update.shown) ? wholeIn(account, update) : update.shown
    const initial = whole ?? update.shown
    const name = same.length === 0 ? update.role : `${update.role} (${same.length + 1})`
    const updates = [{ update, before: initial }]
    all.push({ name, role: update.role, initial, isWhole: whole !== undefined, updates })
  }
  return all
}

interface Found {
  readonly variable: Growing
  readonly before: string
}

/** The variable that has this value; of several, the one that its own thread updated last. */
const current = (same: ReadonlyArray<Growing>, { shown, thread }: Update): Found | undefined => {
  const has = same.filter(({ updates }) => Shortened.of(updates.at(-1)!.update.after) === shown)
  const variable = has.findLast(({ updates }) => updates.at(-1)!.update.thread === thread) ?? has.at(-1)
  return variable === undefined ? undefined : { variable, before: variable.updates.at(-1)!.update.after }
}

/** The variable of its thread that had this value once: its program has put it back, as one that validates does. */
const earlier = (same: ReadonlyArray<Growing>, { shown, thread }: Update): Found | undefined => {
  for (const variable of same.toReversed()) {
    if (variable.updates.at(-1)!.update.thread !== thread) continue
    const values = [variable.initial, ...variable.updates.map(({ update }) => update.after)]
    const before = values.findLast((value) => Shortened.of(value) === shown)
    if (before !== undefined) return { variable, before }
  }
  return undefined
}

/** The whole value, in what models or functions read or said; the latest first. */
const wholeIn = ({ calls }: Account, { line, shown }: Update): string | undefined => {
  for (const { kind, prompt, response, system } of calls.filter((call) => call.line < line).reverse()) {
    // critics are shown the value in short as well, and a call with images is logged as Python shows a list
    if ((kind !== "forward" && kind !== "function") || response === undefined) continue
    for (const text of [system, prompt, response]) {
      const whole = text === undefined ? undefined : Shortened.find(shown, text)
      if (whole !== undefined) return whole
    }
  }
  return undefined
}
