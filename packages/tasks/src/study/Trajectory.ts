/**
 * From answers on the way to readings: each under its name, with the calls it took. A trajectory that ends early, because
 * nothing was left to improve or because a reply could not be used, repeats its last answer: that is what it would hand
 * out, and to leave its example out would leave out the hard ones.
 */
import { Example, type ModelRoles, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Calls from "./Calls.ts"
import type { Reading } from "./Study.ts"

/** Whether a failure lies in one reply, so that what was answered before stands: it was cut, filtered or unreadable. */
export const ofOneReply = (error: unknown): boolean =>
  TextModelError.isTextModelError(error) && TextModelError.isUnusable(error)

/**
 * Runs a trajectory and gives a reading for each name. The trajectory tells each answer as soon as it has it, and a first
 * one before it ends.
 *
 * Fails as the trajectory does; after the first answer, not for a reply that could not be used.
 */
export const readings = <E, R>(
  names: ReadonlyArray<string>,
  trajectory: (tell: (answer: string) => Effect.Effect<void>) => Effect.Effect<void, E, R>
): Effect.Effect<ReadonlyArray<Reading>, E, R | ModelRoles> =>
  Calls.counted((calls) =>
    Effect.gen(function* () {
      const told: Array<{ readonly answer: string; readonly calls: number }> = []
      const tell = (answer: string) =>
        Effect.map(calls, (calls) => {
          told.push({ answer, calls })
        })
      const note = yield* trajectory(tell).pipe(
        Effect.as(undefined),
        Effect.catch((error) =>
          told.length > 0 && ofOneReply(error)
            ? Effect.succeed(`ended early: ${Example.messageOf(error)}`)
            : Effect.fail(error)
        )
      )
      const last = told.at(-1)
      if (last === undefined) return yield* Effect.die(new Error("the trajectory ended without an answer"))
      const rest = { answer: last.answer, calls: yield* calls, ...(note === undefined ? {} : { note }) }
      return names.map((name, i): Reading => ({ name, ...(told[i] ?? rest) }))
    })
  )
