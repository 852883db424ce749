/**
 * What a simulated provider has in store for each question: how long it takes, and what goes wrong. All of it is a
 * function of the seed, the question and the attempt, so that a run that is resumed meets what it would have met.
 */
import { TextModelError } from "@backprose/core"
import * as Dice from "./Dice.ts"
import type { Question } from "./History.ts"

/** How bad it is, as probabilities from 0 to 1. */
export interface Weather {
  /** That an attempt fails and a later one of the same call may succeed. */
  readonly passing: number
  /** That a question fails for good, until the run is resumed after it. */
  readonly lasting: number
  /** That the reply is of no use: cut, filtered, empty, unreadable. */
  readonly spoilt: number
}

/** A spoilt reply. */
export type Spoilt = "cut" | "filtered" | "empty" | "unreadable"

/** What becomes of one attempt. */
export type Fate =
  | { readonly _tag: "Reply"; readonly afterMs: number; readonly spoilt: Spoilt | undefined }
  | { readonly _tag: "Failure"; readonly afterMs: number; readonly error: TextModelError.TextModelError }
  | { readonly _tag: "Silence" }

/** Weather of a seed: calm in some, rough in others. */
export const draw = (seed: string): Weather => {
  const dice = Dice.make(`${seed}/weather`)
  return {
    passing: dice.pick([0, 0.05, 0.2, 0.5]),
    lasting: dice.pick([0, 0, 0.02, 0.06]),
    spoilt: dice.pick([0, 0.02, 0.08])
  }
}

/** What attempt `attempt` (from 1) at a question meets after `epoch` sessions of the run ended with a failure. */
export const fate = (seed: string, weather: Weather, question: Question, attempt: number, epoch: number): Fate => {
  const dice = Dice.make(`${seed}/${question.place}/${question.key}/${question.occurrence}`)
  // a lasting failure goes away when it ended the run once, or twice; what answers once goes on answering
  const healsAt = dice.chance(weather.lasting) ? 1 + dice.below(2) : 0
  const lasting = dice.pick(lastingFaults)
  const failures = dice.chance(weather.passing) ? 1 + dice.below(2) : 0
  const spoilt = dice.chance(weather.spoilt)
    ? dice.pick(["cut", "filtered", "empty", "unreadable"] as const)
    : undefined
  const each = Dice.make(`${seed}/${question.place}/${question.key}/${question.occurrence}/${attempt}`)
  const afterMs = 20 + each.below(2000)
  if (epoch < healsAt) return lasting(each, afterMs)
  if (attempt <= failures) return each.pick(passingFaults)(each, afterMs)
  return { _tag: "Reply", afterMs, spoilt }
}

type Fault = (dice: Dice.Dice, afterMs: number) => Fate

const failing =
  (error: (dice: Dice.Dice) => TextModelError.TextModelError): Fault =>
  (dice, afterMs) => ({ _tag: "Failure", afterMs, error: error(dice) })

/** Whatever passes by itself. */
const passingFaults: readonly [Fault, ...ReadonlyArray<Fault>] = [
  failing((dice) => new TextModelError.RateLimited({ message: "slow down", retryAfterMs: 100 * dice.below(300) })),
  failing(() => new TextModelError.RateLimited({ message: "slow down" })),
  failing(() => new TextModelError.ProviderUnavailable({ message: "500" })),
  failing((dice) => new TextModelError.ProviderUnavailable({ message: "503", retryAfterMs: 1000 * dice.below(20) })),
  failing(() => new TextModelError.ProviderUnavailable({ message: "the connection was reset" })),
  () => ({ _tag: "Silence" })
]

/** Whatever stays until somebody does something about it, or waits long enough. */
const lastingFaults: readonly [Fault, ...ReadonlyArray<Fault>] = [
  failing(() => new TextModelError.ProviderUnavailable({ message: "away" })),
  () => ({ _tag: "Silence" }),
  failing(() => new TextModelError.QuotaExhausted({ message: "no credit left" })),
  failing(() => new TextModelError.Unauthorized({ message: "the key was withdrawn" })),
  failing(() => new TextModelError.InvalidRequest({ message: "400" })),
  failing(() => new TextModelError.ContextTooLong({ message: "too long" })),
  failing(() => new TextModelError.ContentFiltered({ message: "filtered" })),
  failing(() => new TextModelError.EmptyReply({ message: "empty" })),
  failing(() => new TextModelError.ReplyTooLarge({ message: "too large" })),
  failing(() => new TextModelError.ReplyUnreadable({ message: "no reply", text: "<html>" }))
]
