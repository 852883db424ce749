/**
 * The steps of a log as candidates: each extends the one before, unless the program put earlier values back.
 */
import type { Account, Failure } from "./Account.ts"
import type { Linked, Versions } from "./Versions.ts"

/** Values by the names of variables. */
export type Values = Readonly<Record<string, string>>

/** A variable that a step updated. */
export interface Changed extends Linked {
  readonly name: string
}

/** What a step of an optimizer made. */
export interface Made {
  readonly step: number
  /** From 1; 0 are the initial values. */
  readonly candidate: number
  readonly parent: number
  readonly changed: ReadonlyArray<Changed>
  /** The values of all variables after it. */
  readonly values: Values
  /** It is not on the way to the values that the program was left with: earlier ones were put back. */
  readonly undone: boolean
}

/** The initial values, and all candidates in their order. */
export interface Lineage {
  readonly initial: Values
  readonly made: ReadonlyArray<Made>
  /** The candidate that the program was left with. */
  readonly left: number
  /** Steps in which the optimizer's reply held no value. */
  readonly failed: ReadonlyArray<Failure>
}

/** The candidates that the updates of these variables make. */
export const of = (account: Account, variables: ReadonlyArray<Versions>): Lineage => {
  const initial: Values = Object.fromEntries(variables.map(({ initial, name }) => [name, initial]))
  const all = variables.flatMap(({ name, updates }) => updates.map((linked): Changed => ({ ...linked, name })))
  const steps = Map.groupBy(all, ({ update }) => update.step)
  const made: Array<Made> = []
  for (const [step, changed] of [...steps].toSorted(([a], [b]) => a - b)) {
    const latest = made.at(-1)?.values ?? initial
    const from = { ...latest, ...Object.fromEntries(changed.map(({ before, name }) => [name, before])) }
    const back = [initial, ...made.map(({ values }) => values)].findLastIndex((values) => same(values, from))
    // where other variables would go back with it, only the value says that it was put back
    const parent = back < 0 ? made.length : back
    const values = { ...from, ...Object.fromEntries(changed.map(({ name, update }) => [name, update.after])) }
    made.push({ step, candidate: made.length + 1, parent, changed, values, undone: false })
  }
  const last = made.at(-1)
  const left = last !== undefined && isPutBack(account, last) ? last.parent : made.length
  const kept = new Set<number>()
  for (let at = left; at > 0; at = made[at - 1]!.parent) kept.add(at)
  return {
    initial,
    made: made.map((one) => ({ ...one, undone: !kept.has(one.candidate) })),
    left,
    failed: account.failures.filter(({ step }) => !steps.has(step))
  }
}

const same = (a: Values, b: Values): boolean => Object.keys(a).every((name) => a[name] === b[name])

/** Whether the last calls of the program went with the value before the last update, and not with that one's. */
const isPutBack = ({ calls }: Account, { changed }: Made): boolean => {
  if (changed.length !== 1) return false
  const { before, update } = changed[0]!
  for (const { kind, line, prompt = "", system = "" } of calls.toReversed()) {
    if (line < update.line) return false
    const has = (value: string) => value !== "" && (system.includes(value) || prompt.includes(value))
    if (kind === "forward" && has(update.after)) return false
    if (kind === "forward" && has(before)) return true
  }
  return false
}
