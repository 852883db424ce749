/** How a run goes: one struct, with its defaults. */
import type { OnFailure } from "../evaluation/Batch.ts"
import type * as Racing from "../evaluation/Racing.ts"
import * as Repeated from "../evaluation/Repeated.ts"
import * as Checks from "../optimizer/check/Checks.ts"
import type { ParameterChoice } from "./parameterChoice.ts"

/** How many of the proposals of a step are worth a validation, and how that is found out. */
export interface Screen {
  /** So many at most are validated. */
  readonly keep: number
  /** Training examples a round; each round halves the proposals. */
  readonly examples: number
}

export interface Options {
  /** Optimizer updates at most. */
  readonly steps: number
  /** Candidates extended a step, on the same minibatch: the selector is asked so many times. */
  readonly parents: number
  /** Proposals for each of them. Their evaluations run at once. */
  readonly proposals: number
  /**
   * A first gate on the minibatch itself, before a validation is paid for: the score of the proposal there must not be
   * lower (`notWorse`), or must be higher (`strictGain`), than that of what it came from. `off`: no such gate.
   */
  readonly minibatchGate: "off" | "notWorse" | "strictGain"
  /** Which of the criticised parameters may change in a step: all, or one at a time. */
  readonly parameters: ParameterChoice
  /**
   * Whether only examples below a perfect score are differentiated. Losses with a score say nothing of a perfect one
   * anyway; a judgement in words always finds something.
   */
  readonly errorsOnly: boolean
  /** What a proposed text is checked for before anything is paid for it. */
  readonly checks: Partial<Checks.Options>
  /**
   * Where a step has many proposals: only the best on some more training examples are validated, by successive halving.
   * `undefined`: all are.
   */
  readonly screen: Screen | undefined
  /**
   * Validations in rounds: a candidate that the selector could not keep any more, even if all other examples were right,
   * is not validated to the end. `undefined`: all are.
   */
  readonly race: Racing.Options | undefined
  /** How often each validation example is tried, and at which temperature: against a gain that is only luck. */
  readonly repeat: Repeated.Options
  /** Training examples a step. */
  readonly batchSize: number
  /** Examples that run at once. */
  readonly concurrency: number
  /** All chance in a run comes from it. */
  readonly seed: number
  /**
   * Ends the run when the validation score reaches it. `undefined`: at 1 where the score is all that the selector goes by,
   * and never where a cost counts too.
   */
  readonly target: number | undefined
  /** Ends the run after so many steps without an accepted candidate. */
  readonly patience: number
  /**
   * What becomes of an example that fails, in a minibatch or in a validation. `skip`: it is reported and left out; `fail`:
   * the run ends with its error; `later`: what may pass is tried once more after the rest of its set, then skipped.
   */
  readonly onFailure: OnFailure
  /** The name of the run in its events. */
  readonly run: string
}

/** A short run on a small task: made for a first look. */
export const defaults: Options = {
  steps: 12,
  parents: 1,
  proposals: 1,
  minibatchGate: "off",
  parameters: "all",
  errorsOnly: false,
  checks: Checks.defaults,
  screen: undefined,
  race: undefined,
  repeat: Repeated.defaults,
  batchSize: 4,
  concurrency: 16,
  seed: 0,
  target: undefined,
  patience: Number.POSITIVE_INFINITY,
  onFailure: "skip",
  run: "run"
}

const whole = (n: number, least: number): number => Math.max(least, Math.trunc(n) || least)

/** The options of a run, complete. Counts that make no sense are brought to the nearest that do: a run always ends. */
export const complete = (options: Partial<Options>): Options => {
  const given = { ...defaults, ...options }
  return {
    ...given,
    steps: whole(given.steps, 0),
    parents: whole(given.parents, 1),
    proposals: whole(given.proposals, 1),
    screen:
      given.screen === undefined
        ? undefined
        : { keep: whole(given.screen.keep, 1), examples: whole(given.screen.examples, 1) },
    repeat: { ...given.repeat, times: whole(given.repeat.times, 1) },
    batchSize: whole(given.batchSize, 1),
    concurrency: whole(given.concurrency, 1)
  }
}
