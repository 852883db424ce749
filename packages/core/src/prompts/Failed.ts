/** A version that was tried and not kept, as editors are shown it: so that they do not write it again. */
import { scoreOf } from "./Case.ts"
import * as Fence from "./Fence.ts"

export interface Failed {
  readonly value: string
  /** 0 to 1, where it was evaluated. */
  readonly score?: number | undefined
  /** Why it was not kept. */
  readonly reason: string
}

/** `what`: whose version it is, in our words. */
export const failed = (what: string, { reason, score, value }: Failed): string =>
  `${what}${score === undefined ? "" : `, score ${scoreOf(score)}`}, not kept: ${Fence.quote(reason)}\n${Fence.wrap("tried", value)}`
