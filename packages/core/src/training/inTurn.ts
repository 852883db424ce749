/**
 * Branches that run at once and tell their events as if one had run after the other.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { skippable } from "./failures.ts"

/**
 * Runs all branches together; what each emits comes out after all of the branches before it. Where what a branch was
 * replied could not be used, the others end, and then the first such failure in order is told: not the fastest.
 */
export const inTurn = <A, B, Ev, E, R>(
  items: ReadonlyArray<A>,
  emit: (event: Ev) => Effect.Effect<void>,
  branch: (item: A, emit: (event: Ev) => Effect.Effect<void>, index: number) => Effect.Effect<B, E, R>
): Effect.Effect<ReadonlyArray<B>, E, R> =>
  Effect.suspend(() => {
    const waiting = items.map((): Array<Ev> => [])
    const done = items.map(() => false)
    let turn = 0
    let telling = false
    const tell = Effect.gen(function* () {
      // telling may take its time: what comes meanwhile is left to whoever tells
      if (telling) return
      telling = true
      while (turn < items.length) {
        const event = waiting[turn]!.shift()
        if (event !== undefined) yield* emit(event)
        else if (done[turn]) turn += 1
        else break
      }
      telling = false
    })
    return Effect.forEach(
      items,
      (item, index) =>
        Effect.gen(function* () {
          const result = yield* branch(
            item,
            (event) =>
              Effect.andThen(
                Effect.sync(() => void waiting[index]!.push(event)),
                tell
              ),
            index
          ).pipe(
            Effect.map((one) => Result.succeed(one)),
            Effect.catch((error) => (skippable(error) ? Effect.succeed(Result.fail(error)) : Effect.fail(error)))
          )
          done[index] = true
          yield* tell
          return result
        }),
      { concurrency: "unbounded" }
    ).pipe(Effect.flatMap((results) => Effect.fromResult(Result.all(results))))
  })
