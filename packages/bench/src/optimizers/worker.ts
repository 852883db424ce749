/**
 * A process that runs trials: it is asked for one strategy on one problem at a time, and answers with what all seeds did.
 */
import * as Effect from "effect/Effect"
import { endWithParent } from "../process/say.ts"
import { problems } from "./Problem.ts"
import { strategies } from "./Strategy.ts"
import { trial } from "./trial.ts"

/** Which trials, by places in the lists. */
export interface Job {
  readonly problem: number
  readonly strategy: number
  readonly seeds: number
}

endWithParent()
process.on("message", ({ problem, seeds, strategy }: Job) => {
  const all = Effect.forEach(
    Array.from({ length: seeds }, (_, seed) => seed),
    (seed) => trial(problems[problem]!, strategies[strategy]!, seed)
  )
  Effect.runPromise(all).then(
    (trials) => process.send?.(trials.filter((one) => one !== undefined)),
    (cause) => {
      console.error(cause)
      process.exit(1)
    }
  )
})
process.send?.("ready")
