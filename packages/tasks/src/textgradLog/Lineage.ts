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
  /** The program put the values before it back. */
  readonly undone: boolean
}

/** The initial values, and all candidates in their order. */
export interface Lineage {
  readonly initial: Values
  readonly made: ReadonlyArray<Made>
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
    undo(made, parent)
    const values = { ...from, ...Object.fromEntries(changed.map(({ name, update }) => [name, update.after])) }
    made.push({ step, candidate: made.length + 1, parent, changed, values, undone: false })
  }
  if (isPutBack(account, made.at(-1))) undo(made, made.at(-1)!.parent)
  return { initial, made, failed: account.failures.filter(({ step }) => !steps.has(step)) }
}

const same = (a: Values, b: Values): boolean => Object.keys(a).every((name) => a[name] === b[name])

/** All on the way from the last to the one that is extended now. */
const undo = (made: Array<Made>, parent: number) => {
  for (let at = made.length; at > parent; at = made[at - 1]!.parent) made[at - 1] = { ...made[at - 1]!, undone: true }
}

/** Whether the last calls of the program went with the value before the last update, and not with that one's. */
const isPutBack = ({ calls }: Account, last: Made | undefined): boolean => {
  if (last === undefined || last.changed.length !== 1) return false
  const { before, update } = last.changed[0]!
  for (const { kind, line, prompt = "", system = "" } of calls.toReversed()) {
    if (line < update.line) return false
    const has = (value: string) => value !== "" && (system.includes(value) || prompt.includes(value))
    if (kind === "forward" && has(update.after)) return false
    if (kind === "forward" && has(before)) return true
  }
  return false
}
