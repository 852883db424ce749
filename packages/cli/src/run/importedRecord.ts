/** The record of a run that was taken from the log of another program. */
import { Completion } from "@backprose/core"
import type { Account } from "@backprose/tasks/textgradLog/Account"
import type { ImportedRun } from "@backprose/tasks/textgradLog/ImportedRun"
import type { RunRecord } from "./RunRecord.ts"

/** `run`: its name; `task`: the log, as the user named it. */
export const make = (
  { endedAt, momentum, startedAt }: Account,
  { calls, candidate, error, imported, initial, last, steps }: ImportedRun,
  { run, task }: { readonly run: string; readonly task: string }
): RunRecord => ({
  _tag: "RunRecord",
  version: 1,
  run,
  task,
  ...(error === undefined ? { status: "finished", stopped: "log" } : { status: "failed", error }),
  startedAt,
  elapsedMs: endedAt - startedAt,
  // TextGrad keeps the latest; of the rest nobody knows, see `imported`
  settings: {
    optimizer: momentum ? "momentum" : "tgd",
    selector: "latest",
    steps,
    batchSize: 1,
    concurrency: 1,
    seed: 0
  },
  models: { forward: "", backward: "", optimizer: "" },
  sizes: { train: 0, validation: 0, test: 0 },
  candidate,
  initial,
  best: last,
  usage: { ...Completion.noUsage, calls },
  imported
})
