/**
 * Telling one thing after another where several have something to tell: whoever comes while another tells leaves it to
 * that one, as telling may take its time.
 */
import * as Effect from "effect/Effect"

/** `next`: what is to be told now, and is then not given again; `undefined`: nothing yet. Once telling fails, no more. */
export const oneTeller = <A extends NonNullable<unknown>, E, R>(
  next: () => A | undefined,
  tell: (a: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, E, R> => {
  let telling = false
  return Effect.gen(function* () {
    if (telling) return
    telling = true
    for (let one = next(); one !== undefined; one = next()) yield* tell(one)
    telling = false
  })
}
