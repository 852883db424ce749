/**
 * A validation in rounds, so that a candidate that has lost is not paid for to the end. A round is complete before
 * anything is decided by it: which call was faster decides nothing. (After Maron and Moore, "Hoeffding Races", 1993.)
 */
import * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import * as Example from "../task/Example.ts"
import * as Batch from "./Batch.ts"
import * as Paired from "./Paired.ts"

export interface Options {
  /** In how many rounds a validation runs, each over examples from all of the set. */
  readonly rounds: number
  /**
   * Also gives up on a candidate that chance alone would hardly have put so far behind what it came from: the
   * probability that this goes wrong, over all rounds. Not where a candidate need only be best at something.
   */
  readonly hopeless?: number | undefined
}

/** Outcomes by place; what was not run has none. */
export type Outcomes<RB, F> = ReadonlyArray<Example.Outcome<RB, F> | undefined>

/** How far it got, and why it was given up, if so. */
export interface Raced<RB, F> {
  readonly outcomes: Outcomes<RB, F>
  readonly lost: string | undefined
}

/** The places of each round: the first round has every so manieth, the next the ones after them. */
export const rounds = (places: ReadonlyArray<number>, count: number): ReadonlyArray<ReadonlyArray<number>> => {
  const n = Math.max(1, Math.min(places.length, Math.trunc(count) || 1))
  return Array.from({ length: n }, (_, round) => places.filter((_, i) => i % n === round))
}

/** Runs a batch round by round; `lost` is asked after each but the last. */
export const run = Effect.fnUntraced(function* <RB, F, R, R2, R3 = never>(
  options: Batch.Options<RB, F, R, R2> & {
    readonly rounds: number
    readonly lost: (outcomes: Outcomes<RB, F>) => Effect.Effect<string | undefined, never, R3>
  }
): Effect.fn.Return<Raced<RB, F>, F, R | R2 | R3> {
  const outcomes: Array<Example.Outcome<RB, F> | undefined> = options.places.map(() => undefined)
  const at = new Map(options.places.map((place, i) => [place, i]))
  const all = rounds(options.places, options.rounds)
  for (const [round, places] of all.entries()) {
    const results = yield* Batch.run({ ...options, places })
    for (const [i, place] of places.entries()) outcomes[at.get(place)!] = results[i]!
    if (round === all.length - 1) break
    const why = yield* options.lost(outcomes)
    if (why !== undefined) {
      const ran = outcomes.filter((outcome) => outcome !== undefined).length
      return { outcomes, lost: `lost the race after ${ran} of ${outcomes.length} validation examples: ${why}` }
    }
  }
  return { outcomes, lost: undefined }
})

/**
 * A candidate that is not measured to the end, with what is not known at its best: all of it right, also what got no
 * answer.
 */
export const atBest = (candidate: Candidate, outcomes: Outcomes<unknown, unknown>): Candidate => ({
  ...candidate,
  scores: outcomes.map((outcome) =>
    outcome === undefined || Example.mayPass(outcome.error) ? 1 : Example.scoreOf(outcome.result)
  )
})

/** Why a candidate can be given up on, by what is known of it so far; of what it came from, everything is known. */
export const hopeless = Effect.fnUntraced(function* (
  parent: Candidate,
  outcomes: Outcomes<unknown, unknown>,
  { hopeless, rounds }: Options
) {
  if (hopeless === undefined || parent.scores === undefined) return undefined
  const after = outcomes.map((outcome) =>
    outcome === undefined || Example.mayPass(outcome.error) ? null : (Example.scoreOf(outcome.result) ?? 0)
  )
  const behind = yield* Paired.compare(after, parent.scores)
  // each look is a chance to be wrong
  return behind === undefined || behind.gain <= 0 || behind.p >= hopeless / Math.max(1, rounds - 1)
    ? undefined
    : `it is ${behind.gain.toFixed(3)} behind candidate ${parent.id} on them, p ${behind.p.toFixed(3)}`
})
