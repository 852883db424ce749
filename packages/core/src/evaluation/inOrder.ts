/**
 * Results that come in any order, told in theirs: what a run tells of itself does not depend on which call was faster.
 */
import * as Effect from "effect/Effect"
import { oneTeller } from "./oneTeller.ts"

/** `tell`, called for the place 0, then 1, then 2, each as soon as all before it have come. Once it fails, no more. */
export const inOrder = <A extends NonNullable<unknown>, E, R>(
  tell: (a: A) => Effect.Effect<void, E, R>
): ((place: number, a: A) => Effect.Effect<void, E, R>) => {
  const waiting = new Map<number, A>()
  let turn = 0
  const tellAll = oneTeller(() => {
    const one = waiting.get(turn)
    if (one !== undefined) waiting.delete(turn++)
    return one
  }, tell)
  return (place, a) =>
    Effect.suspend(() => {
      waiting.set(place, a)
      return tellAll
    })
}
