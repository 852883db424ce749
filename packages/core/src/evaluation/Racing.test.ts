import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as Errors from "../model/TextModelError.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Beam from "../selector/Beam.ts"
import * as Latest from "../selector/Latest.ts"
import * as Pareto from "../selector/Pareto.ts"
import type { Selector } from "../selector/Selector.ts"
import * as Softmax from "../selector/Softmax.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Racing from "./Racing.ts"

/** What a version is worth on each validation example; a word: how the example fails. */
type Worth = ReadonlyArray<number | "failed" | "unanswered">

/** Each step proposes the next version; the first is the seed. */
const run = (versions: ReadonlyArray<Worth>, selector: Layer.Layer<Selector>, options: Partial<Trainer.Options> = {}) =>
  Effect.gen(function* () {
    const size = versions[0]!.length
    const asked: Array<readonly [number, number]> = []
    const task = Task.make({
      name: "versions",
      parameters: Parameters.make({ version: Parameter.text("0", { role: "version" }) }),
      forward: Effect.fnUntraced(function* (
        p,
        place: number
      ): Effect.fn.Return<typeof p.version, Errors.TextModelError> {
        if (place < 0) return p.version
        const version = Number(p.version.value)
        asked.push([version, place])
        const worth = versions[version]![place]!
        // the later ones are faster
        for (let turn = place; turn < size; turn++) yield* Effect.yieldNow
        if (worth === "failed") return yield* new Errors.EmptyReply({ message: "empty" })
        if (worth === "unanswered") return yield* new Errors.ProviderUnavailable({ message: "away" })
        return p.version
      }),
      metric: (value: string, place: number) => {
        const worth = place < 0 ? 0 : versions[Number(value)]![place]!
        return typeof worth === "number" ? worth : 0
      },
      train: [-1],
      validation: versions[0]!.map((_, place) => place)
    })
    const next = Layer.succeed(Optimizer, {
      differentiates: false,
      propose: ({ step }) => Effect.succeed({ values: new Map([["version", `${step}`]]), reasons: new Map() })
    })
    const settings = { steps: versions.length - 1, target: 2, batchSize: 1, ...options }
    const { error, events } = yield* eventsOf(Trainer.fit(task, settings)).pipe(
      Effect.provide(Layer.mergeAll(next, selector))
    )
    const judged = events.flatMap((event) =>
      event._tag === "Accepted" || event._tag === "Rejected"
        ? [`${event._tag} ${event.candidate}: ${event.reason}`]
        : []
    )
    const accepted = of(events, "Accepted").map(({ candidate, reason }) => ({ candidate, reason }))
    const calls = (version: number) => asked.filter(([of]) => of === version).map(([, place]) => place)
    return { events, judged, accepted, asked, calls, kept: of(events, "RunFinished").at(-1)?.candidate, error }
  })

const worth = (text: string): Worth => [...text].map(Number)

describe("a race", () => {
  it("has rounds that each go over all of the set, and together hold each place once", () => {
    assert.deepStrictEqual(Racing.rounds([0, 1, 2, 3, 4, 5, 6], 3), [
      [0, 3, 6],
      [1, 4],
      [2, 5]
    ])
    assert.deepStrictEqual(Racing.rounds([4, 5], 9), [[4], [5]])
    assert.deepStrictEqual(Racing.rounds([4, 5], 0), [[4, 5]])
  })

  it.effect("saves the calls of whoever could not be kept, even with all others right, and says so", () =>
    Effect.gen(function* () {
      const versions = [worth("111111110000"), worth("000000000000"), worth("111111111100")]
      const whole = yield* run(versions, ValidationGate.layer())
      assert.strictEqual(whole.asked.length, 36)
      const raced = yield* run(versions, ValidationGate.layer(), { race: { rounds: 4 } })
      // after one round 2 are lost, and 3 more could be won; after two 4 are lost, and 2 could be won
      assert.deepStrictEqual(
        raced.calls(1).toSorted((a, b) => a - b),
        [0, 1, 4, 5, 8, 9]
      )
      assert.strictEqual(raced.asked.length, 30)
      assert.deepStrictEqual(raced.judged, [
        "Rejected 1: lost the race after 6 of 12 validation examples: even with all others right it would not be kept",
        "Accepted 2: validation 0.667 -> 0.833"
      ])
      assert.deepStrictEqual([whole.kept, raced.kept], [2, 2])
      const evaluated = of(raced.events, "Evaluated").map(({ candidate }) => candidate)
      assert.deepStrictEqual(evaluated, [0, 2])
    })
  )

  it.effect("tells the same at any concurrency, whichever example was faster", () =>
    Effect.gen(function* () {
      const versions = [worth("11110101"), worth("00001101"), worth("01111101"), worth("11111101")]
      const told = (concurrency: number) =>
        Effect.map(run(versions, ValidationGate.layer(), { race: { rounds: 3 }, concurrency }), ({ events }) =>
          events.map(({ at: _at, ...event }) => event)
        )
      assert.deepStrictEqual(yield* told(1), yield* told(8))
    })
  )

  it.effect("gives up on who is hopelessly behind what it came from, where that is asked for", () =>
    Effect.gen(function* () {
      // half of the seed's are wrong, so hope is long
      const seed = worth("10".repeat(20))
      const versions = [seed, worth("0".repeat(40)), worth("1".repeat(40))]
      const exact = yield* run(versions, ValidationGate.layer(), { race: { rounds: 8 } })
      const bold = yield* run(versions, ValidationGate.layer(), { race: { rounds: 8, hopeless: 0.05 } })
      assert.isBelow(bold.calls(1).length, exact.calls(1).length)
      assert.match(
        bold.judged[0]!,
        /lost the race after \d+ of 40 .*: it is 0\.\d+ behind candidate 0 on them, p 0\.00/
      )
      assert.deepStrictEqual([bold.kept, bold.calls(2).length], [2, 40])
    })
  )

  it.effect("holds it against nobody that the provider gave no answer", () =>
    Effect.gen(function* () {
      const versions = [worth("110110"), ["unanswered", 1, 1, "unanswered", 1, 1] as const]
      const { judged } = yield* run(versions, ValidationGate.layer(), { race: { rounds: 2 } })
      assert.deepStrictEqual(judged, ["Accepted 1: validation 0.500 -> 1.000 (2 got no answer, not compared)"])
    })
  )

  it.effect("is not run where nothing is evaluated, nor against itself", () =>
    Effect.gen(function* () {
      const versions = [worth("0000"), worth("0000")]
      assert.strictEqual((yield* run(versions, Latest.layer, { race: { rounds: 4 } })).asked.length, 0)
      const gate = yield* run([worth("0000")], ValidationGate.layer({ accept: "strictGain" }), { race: { rounds: 4 } })
      assert.strictEqual(gate.asked.length, 4)
    })
  )
})

describe("nobody who would have been kept is given up", () => {
  const selectors = {
    "the gate": ValidationGate.layer(),
    "the strict gate": ValidationGate.layer({ accept: "strictGain" }),
    "the gate for significant gains": ValidationGate.layer({ accept: "significant", alpha: 0.3 }),
    "the front": Pareto.layer(),
    "a beam": Beam.layer({ width: 2 }),
    "a pool": Softmax.layer({ size: 3 })
  }
  const One = Schema.Literals([0, 0.5, 1, 1, "failed", "unanswered"])
  const six = <A>(of: Schema.Codec<A>) => Schema.Tuple([of, of, of, of, of, of])
  const Versions = Schema.Struct({
    seed: six(Schema.Literals([0, 0.5, 1])),
    others: Schema.Array(six(One)).check(Schema.isMinLength(1), Schema.isMaxLength(4))
  })

  for (const [name, selector] of Object.entries(selectors)) {
    it.effect.prop(
      name,
      [Versions, Schema.Literals([2, 3, 6])],
      ([{ others, seed }, rounds]) =>
        Effect.gen(function* () {
          const versions = [seed, ...others]
          const whole = yield* run(versions, selector)
          // a provider that answers nothing at all ends the run, where the race does not end before
          if (whole.error !== undefined) return
          const raced = yield* run(versions, selector, { race: { rounds } })
          assert.deepStrictEqual(raced.accepted, whole.accepted)
          assert.strictEqual(raced.kept, whole.kept)
          assert.isAtMost(raced.asked.length, whole.asked.length)
          for (const { candidate } of whole.accepted) assert.strictEqual(raced.calls(candidate).length, 6)
        }),
      { arbitrary: { runs: 60 } }
    )
  }
})
