/** All tasks that come with Backprose. */
import * as Counting from "./counting/Counting.ts"
import type { ReadyTask } from "./ReadyTask.ts"
import * as Triage from "./triage/Triage.ts"

/** Every ready task, with what it is about and how large it is by default. */
export const all: ReadonlyArray<ReadyTask> = [
  {
    name: "triage",
    summary: "put support tickets under a house's own codes, which the first instruction does not name",
    data: "own seeded generator",
    metric: "exact code",
    defaults: { sizes: { train: 48, validation: 36, test: 60 }, steps: 4, batchSize: 8 },
    make: Triage.make
  },
  {
    name: "object-counting",
    summary: "count the things of one kind in a list of many",
    data: "own seeded generator, in the style of BIG-Bench Hard",
    metric: "exact number",
    defaults: { sizes: { train: 24, validation: 10, test: 16 }, steps: 3, batchSize: 4 },
    make: Counting.make
  }
]

/** The ready task of this name, for example `triage`. */
export const find = (name: string): ReadyTask | undefined => all.find((task) => task.name === name)
