/**
 * One optimisation, and how good what it would hand out was after how many calls.
 */
import { type Event, makeUsageMeter, Trainer, UsageMeter } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Problem } from "./Problem.ts"
import type { Count, Strategy } from "./Strategy.ts"

export interface Trial {
  /** The score of what it has when its calls are used up, or it has ended. */
  readonly final: number
  /** The calls from which on it had 95 % of what can be reached, to the end; absent where it did not. */
  readonly reached?: number
}

/** What is handed out after so many calls. */
interface Point {
  readonly calls: number
  readonly score: number
}

const share = 0.95

/** `undefined`: the strategy has nothing to do on this problem. */
export const trial = Effect.fnUntraced(function* (problem: Problem, strategy: Strategy, seed: number) {
  const instance = problem.instance(seed)
  let calls = 0
  const count: Count = (respond) =>
    ScriptedModel.respond((request) => {
      calls += 1
      return respond(request)
    })
  const made = strategy.layer(instance, count)
  if (made === undefined) return undefined
  const optimizer = yield* made

  const scores = new Map<number, number>()
  const points: Array<Point> = []
  const keep = Effect.fnUntraced(function* (event: Event.Event) {
    if (event._tag !== "Checkpointed" && event._tag !== "RunStarted") return
    const id = event._tag === "RunStarted" ? 0 : event.candidate
    const known = scores.get(id) ?? (yield* instance.score(event.parameters))
    scores.set(id, known)
    points.push({ calls: event.spend?.requests ?? 0, score: known })
  })
  const spent = Effect.sync(() => ({ requests: calls, lost: 0, usd: 0, unpriced: 0 }))
  yield* Trainer.fit(instance.task, { steps: 10_000, seed, ...strategy.options }).pipe(
    Stream.takeWhile((event) => (event.spend?.requests ?? 0) <= problem.calls),
    Stream.runForEach(keep),
    Effect.provide([optimizer, strategy.select]),
    Effect.provide(count(instance.respond)),
    // an event carries the calls at the moment of the event, however late it is read
    Effect.provideServiceEffect(UsageMeter, makeUsageMeter(spent))
  )
  return outcome(points, share * problem.reachable)
})

const outcome = (points: ReadonlyArray<Point>, wanted: number): Trial => {
  const below = points.findLastIndex(({ score }) => score < wanted)
  const reached = points[below + 1]?.calls
  return { final: points.at(-1)!.score, ...(reached === undefined ? {} : { reached }) }
}
