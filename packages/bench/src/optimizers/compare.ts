/** All trials, spread over processes: what each strategy came to on each problem. */
import { availableParallelism } from "node:os"
import * as Effect from "effect/Effect"
import * as Fresh from "../process/Fresh.ts"
import type { Problem } from "./Problem.ts"
import { problems } from "./Problem.ts"
import { type Strategy, strategies } from "./Strategy.ts"
import { type Summary, summarise } from "./summary.ts"
import type { Trial } from "./trial.ts"
import type { Job } from "./worker.ts"

export interface Compared {
  readonly problem: Problem
  readonly strategy: Strategy
  readonly summary: Summary
}

export interface Options {
  readonly problems: ReadonlyArray<string>
  readonly seeds: number
}

/** One process a core, two at most: whatever else the machine does has to go on. */
const processes = () => Math.min(2, availableParallelism())

export const compare = Effect.fnUntraced(function* (options: Options) {
  const jobs = problems.flatMap(
    ({ name }, problem): ReadonlyArray<Job> =>
      options.problems.includes(name)
        ? strategies.map((_, strategy) => ({ problem, strategy, seeds: options.seeds }))
        : []
  )
  const found = new Map<Job, ReadonlyArray<Trial>>()
  const open = [...jobs]
  const work = Effect.gen(function* () {
    const child = yield* Fresh.start({ script: new URL("./worker.ts", import.meta.url) })
    yield* Fresh.message(child)
    for (let job = open.shift(); job !== undefined; job = open.shift()) {
      if (job.strategy === 0) console.error(`${problems[job.problem]!.name} ...`)
      found.set(job, yield* Fresh.ask<ReadonlyArray<Trial>>(child, job))
    }
  })
  yield* Effect.all(
    Array.from({ length: processes() }, () => Effect.scoped(work)),
    { concurrency: "unbounded" }
  )
  return jobs.flatMap((job): ReadonlyArray<Compared> => {
    const trials = found.get(job) ?? []
    if (trials.length === 0) return []
    return [{ problem: problems[job.problem]!, strategy: strategies[job.strategy]!, summary: summarise(trials) }]
  })
})
