import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Exit, Random } from "effect"
import * as World from "./World.ts"

const world = (seed = "a") => World.make({ seed, startAt: 1000 })

describe("a world of its own", () => {
  it("jumps to the next timer, in the order of time, without waiting", () => {
    const heard: Array<readonly [string, number]> = []
    const say = (name: string, after: number) =>
      Effect.delay(
        Effect.map(Clock.currentTimeMillis, (now) => void heard.push([name, now])),
        after
      )
    const { run } = world()
    const ending = run(
      Effect.all([say("day", 86_400_000), say("second", 1000), say("minute", 60_000)], {
        concurrency: 3,
        discard: true
      })
    )
    assert.strictEqual(ending._tag, "Ended")
    assert.deepStrictEqual(heard, [
      ["second", 2000],
      ["minute", 61_000],
      ["day", 86_401_000]
    ])
  })

  it("goes the same way by the same seed, and many ways by many", () => {
    const course = (seed: string): string => {
      const heard: Array<number> = []
      const worker = (i: number) =>
        Effect.gen(function* () {
          for (let turn = 0; turn < 3; turn++) {
            yield* Effect.yieldNow
            heard.push(i)
          }
        })
      world(seed).run(Effect.forEach([1, 2, 3, 4], worker, { concurrency: 4, discard: true }))
      return heard.join("")
    }
    const seeds = Array.from({ length: 20 }, (_, i) => `${i}`)
    assert.deepStrictEqual(seeds.map(course), seeds.map(course))
    assert.isAbove(new Set(seeds.map(course)).size, 15)
  })

  it("has chance of its own, from the seed", () => {
    const roll = (seed: string) => {
      const ending = world(seed).run(Effect.all([Random.next, Random.next]))
      return ending._tag === "Ended" && Exit.isSuccess(ending.exit) ? ending.exit.value : []
    }
    assert.deepStrictEqual(roll("a"), roll("a"))
    assert.notDeepEqual(roll("a"), roll("b"))
  })

  it("stops between two moments as a power cut does: no finalizer runs", () => {
    let finalized = 0
    let heard = 0
    const program = Effect.forever(
      Effect.delay(
        Effect.sync(() => heard++),
        10
      )
    ).pipe(Effect.ensuring(Effect.sync(() => finalized++)))
    const ending = world().run(program, { stopAt: 20 })
    assert.strictEqual(ending._tag, "Stopped")
    assert.isAbove(heard, 2)
    assert.strictEqual(finalized, 0)
  })

  it("interrupts, and lets finalizers take their time", () => {
    let finalized = 0
    const { now, run } = world()
    const ending = run(
      Effect.never.pipe(
        Effect.ensuring(
          Effect.delay(
            Effect.sync(() => finalized++),
            5
          )
        )
      ),
      { interruptAt: 1 }
    )
    assert.isTrue(ending._tag === "Ended" && Exit.hasInterrupts(ending.exit))
    assert.strictEqual(finalized, 1)
    assert.strictEqual(now(), 1005)
  })

  it("notices that nothing will ever happen again", () => {
    assert.strictEqual(world().run(Effect.flatMap(Deferred.make<void>(), Deferred.await))._tag, "Stuck")
  })

  it("counts the timers that a program leaves behind", () => {
    const { run, timers } = world()
    run(Effect.forkDetach(Effect.sleep("1 hour")))
    assert.strictEqual(timers(), 1)
  })
})
