/**
 * Branches that run at once and tell their events as if one had run after the other.
 */
import * as Effect from "effect/Effect"
import { oneTeller } from "../evaluation/oneTeller.ts"
import { together } from "../model/together.ts"
import { skippable } from "./failures.ts"

/**
 * Runs all branches together; what each emits comes out after all of the branches before it. Where what a branch was
 * replied could not be used, the others end, and then the first such failure in order is told: not the fastest.
 */
export const inTurn = <A, B, Ev extends NonNullable<unknown>, E, R>(
  items: ReadonlyArray<A>,
  emit: (event: Ev) => Effect.Effect<void>,
  branch: (item: A, emit: (event: Ev) => Effect.Effect<void>, index: number) => Effect.Effect<B, E, R>
): Effect.Effect<ReadonlyArray<B>, E, R> =>
  Effect.suspend(() => {
    const waiting = items.map((): Array<Ev> => [])
    const done = items.map(() => false)
    let turn = 0
    const tell = oneTeller(() => {
      while (turn < items.length) {
        const event = waiting[turn]!.shift()
        if (event !== undefined) return event
        if (!done[turn]) return undefined
        turn += 1
      }
      return undefined
    }, emit)
    return together(
      items,
      (item, index) => {
        const over = Effect.suspend(() => {
          done[index] = true
          return tell
        })
        const told = (event: Ev) =>
          Effect.suspend(() => {
            waiting[index]!.push(event)
            return tell
          })
        return branch(item, told, index).pipe(
          Effect.tap(() => over),
          Effect.tapError((error) => (skippable(error) ? over : Effect.void))
        )
      },
      skippable
    )
  })
