/**
 * What a call must come to that meets these faults, attempt by attempt: said a second time, without a line of the code
 * that is measured.
 */
import type { TextModelError as Errors } from "@backprose/core"
import type { FaultKind } from "./faults.ts"

/** Requests of one call at most, over all layers. */
export const most = 3

export interface Expected {
  readonly tag: Errors.TextModelError["_tag"] | "ok"
  /** What each attempt met; `undefined` is a good reply. */
  readonly attempts: ReadonlyArray<FaultKind | undefined>
}

/** `met(i)`: what attempt `i` would meet. */
export const expected = (met: (attempt: number) => FaultKind | undefined): Expected => {
  const attempts: Array<FaultKind | undefined> = []
  while (true) {
    const kind = met(attempts.length)
    attempts.push(kind)
    if (kind === undefined) return { tag: "ok", attempts }
    const draws = attempts.filter((one) => one?.again === "once").length
    const given = kind.again === "never" || (kind.again === "once" && draws === 2)
    if (given || attempts.length === most) return { tag: kind.tag, attempts }
  }
}
