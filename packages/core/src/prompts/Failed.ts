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

/** The part of a prompt that shows them; nothing where there are none. */
export const section = (versions: ReadonlyArray<string>): ReadonlyArray<string> =>
  versions.length === 0
    ? []
    : ["# Versions that were tried and not kept: write none of them again, find another way", ...versions, ""]
