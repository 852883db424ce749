/** All trials of a task as a Markdown table: an arm a row, its seeds pooled, and its gain over the first prompt. */
import { Interval, Paired } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Trial } from "./Trial.ts"

const two = (value: number) => value.toFixed(2)
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`

const first = "first prompt"

const row = Effect.fnUntraced(function* (arm: string, trials: ReadonlyArray<Trial>) {
  const own = trials.filter((one) => one.arm === arm)
  const scores = own.flatMap((one) => one.scores)
  const interval = yield* Interval.of(scores.filter((score) => score !== null))
  // the same seeds, the same examples, in the same order
  const before = own.flatMap(({ seed }) => trials.find((one) => one.arm === first && one.seed === seed)?.scores ?? [])
  const paired = arm === first || before.length !== scores.length ? undefined : yield* Paired.compare(before, scores)
  const bySeed = own.map((one) =>
    two(one.scores.reduce<number>((sum, score) => sum + (score ?? 0), 0) / one.scores.length)
  )
  const calls = own.reduce((sum, one) => sum + one.calls, 0) / own.length
  return [
    arm,
    bySeed.join(", "),
    interval === undefined ? "" : `${two(interval.mean)} (${two(interval.low)}–${two(interval.high)})`,
    paired === undefined
      ? ""
      : `${signed(paired.gain)} (${signed(paired.low)} to ${signed(paired.high)}), p ${paired.p < 0.001 ? "< 0.001" : paired.p.toFixed(3)}`,
    calls.toFixed(0)
  ]
})

export const table = Effect.fnUntraced(function* (task: string, all: ReadonlyArray<Trial>) {
  const trials = all.filter((one) => one.task === task)
  const n = trials.filter((one) => one.arm === first).flatMap(({ scores }) => scores).length
  const rows = yield* Effect.forEach([...new Set(trials.map(({ arm }) => arm))], (arm) => row(arm, trials))
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  return [
    `**${task}** (${n} test examples over ${new Set(trials.map(({ seed }) => seed)).size} seeds)`,
    "",
    line(["arm", "by seed", "score (95 %)", "gain over the first prompt (95 %), p", "calls a seed"]),
    line(["---", "---", "---", "---", "---"]),
    ...rows.map(line)
  ].join("\n")
})
