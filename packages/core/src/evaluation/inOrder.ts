/**
 * Results that come in any order, told in theirs: what a run tells of itself does not depend on which call was faster.
 */
import * as Effect from "effect/Effect"

/** `tell`, called for the place 0, then 1, then 2, each as soon as all before it have come. Once it fails, no more. */
export const inOrder = <A, E, R>(
  tell: (a: A) => Effect.Effect<void, E, R>
): ((place: number, a: A) => Effect.Effect<void, E, R>) => {
  const waiting = new Map<number, A>()
  let next = 0
  let telling = false
  return Effect.fnUntraced(function* (place, a) {
    waiting.set(place, a)
    // telling may take its time: whoever comes meanwhile leaves its result to the one who tells
    if (telling) return
    telling = true
    while (waiting.has(next)) {
      const one = waiting.get(next)!
      waiting.delete(next)
      next += 1
      yield* tell(one)
    }
    telling = false
  })
}
