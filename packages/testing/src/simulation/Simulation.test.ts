import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Simulation } from "../index.ts"
import * as Invariants from "./Invariants.ts"
import * as Subject from "./Subject.ts"

const seeds = Array.from({ length: 40 }, (_, seed) => seed)
const told = ({ broken, seed }: Simulation.Report) =>
  broken.map(({ found, promise }) => `${seed}: ${promise}: ${found}`)

/** A simulation in which something never happens says nothing about it. */
const meetAll = (reports: ReadonlyArray<Simulation.Report>) => {
  const facts = reports.flatMap(({ disturbed }) => disturbed.history.map(({ fact }) => fact))
  const hows = new Set(facts.flatMap((fact) => (fact._tag === "SessionEnded" ? [fact.how] : [])))
  assert.deepStrictEqual([...hows].sort(), ["cancelled", "failed", "finished", "killed", "power cut"])
  const outcomes = new Set(facts.flatMap((fact) => (fact._tag === "RequestEnded" ? [fact.outcome] : [])))
  for (const outcome of ["replied", "RateLimited", "ProviderUnavailable", "interrupted", "Unauthorized"]) {
    assert.isTrue(outcomes.has(outcome), outcome)
  }
  const events = new Set<string>(facts.flatMap((fact) => (fact._tag === "Happened" ? [fact.event._tag] : [])))
  for (const event of ["Accepted", "Rejected", "StepSkipped", "RunFinished"]) assert.isTrue(events.has(event), event)
  assert.isTrue(facts.some((fact) => fact._tag === "SessionEnded" && /JournalUnwritable/.test(fact.why ?? "")))
}

describe("whole runs, disturbed and resumed", () => {
  it.effect(
    "keep every promise whatever happens to them, and go the same way by the same seed",
    () =>
      Effect.gen(function* () {
        const reports = yield* Effect.forEach(seeds, (seed) => Simulation.run(seed))
        assert.deepStrictEqual(reports.flatMap(told), [])
        meetAll(reports)
        const again = yield* Effect.forEach(seeds, (seed) => Simulation.run(seed))
        assert.deepStrictEqual(
          again.map(({ hash }) => hash),
          reports.map(({ hash }) => hash)
        )
        assert.strictEqual(new Set(reports.map(({ hash }) => hash)).size, seeds.length)
      }),
    60_000
  )

  it.effect("of a program of one's own are judged alike: one that rolls dice is caught", () =>
    Effect.gen(function* () {
      const { program } = Subject.draw("3")
      let told = 0
      const dicing: Simulation.Program = {
        ...program,
        events: Stream.map(program.events, (event) =>
          event._tag === "RunFinished" ? { ...event, step: ++told } : event
        )
      }
      const options = {
        weather: { passing: 0, lasting: 0, spoilt: 0 },
        disturbances: [{ _tag: "Kill", at: 500 }] as const
      }
      assert.deepStrictEqual((yield* Simulation.run(3, { ...options, program })).broken, [])
      const [broken] = (yield* Simulation.run(3, { ...options, program: dicing })).broken
      assert.include(broken?.promise, "ends as the run that was never stopped")
    })
  )
})

describe("a history that was tampered with is found out:", () => {
  /** The promises that are broken once the disturbed life of a seed went otherwise. */
  const judged = (
    change: (entry: Simulation.Entry, place: number, history: Simulation.History) => ReadonlyArray<Simulation.Entry>
  ) =>
    Effect.gen(function* () {
      const { program } = Subject.draw("3")
      const options = { program, weather: { passing: 0.5, lasting: 0, spoilt: 0.03 }, disturbances: [] }
      const { disturbed, undisturbed } = yield* Simulation.run(3, options)
      const history = disturbed.history.flatMap(change)
      assert.isTrue(JSON.stringify(history) !== JSON.stringify(disturbed.history), "nothing was tampered with")
      return Invariants.check({ undisturbed, disturbed: { ...disturbed, history }, program })
        .map(({ promise }) => promise)
        .join("; ")
    })

  const once = () => {
    let done = false
    return (that: boolean) => {
      if (done || !that) return false
      done = true
      return true
    }
  }

  it.effect("a reply that was used and never synced", () =>
    Effect.gen(function* () {
      const found = yield* judged((entry) => (entry.fact._tag === "Synced" ? [] : [entry]))
      assert.include(found, "on the disk before anything uses it")
    })
  )

  it.effect("a reply that was asked for again", () =>
    Effect.gen(function* () {
      const first = once()
      const found = yield* judged((entry, place, history) => {
        const ended = entry.fact
        if (!first(ended._tag === "CallEnded" && ended.outcome === "replied")) return [entry]
        const began = history.findLast(
          ({ fact }, i) =>
            i < place && fact._tag === "CallBegan" && ended._tag === "CallEnded" && fact.call === ended.call
        )!.fact
        const again = { ...began, call: 100_000 } as Simulation.Fact
        const request: Simulation.Fact = { _tag: "RequestBegan", call: 100_000, attempt: 1 }
        return [entry, { ...entry, fact: again }, { ...entry, fact: request }]
      })
      assert.include(found, "never asked for again")
    })
  )

  it.effect("a pause that was too short", () =>
    Effect.gen(function* () {
      const found = yield* judged((entry) =>
        entry.fact._tag === "RequestEnded" && entry.fact.retryAfterMs !== undefined
          ? [{ ...entry, fact: { ...entry.fact, retryAfterMs: entry.fact.retryAfterMs + 10_000 } }]
          : [entry]
      )
      assert.include(found, "never asked again earlier than it said")
    })
  )

  it.effect("a fourth attempt", () =>
    Effect.gen(function* () {
      const first = once()
      const found = yield* judged((entry) =>
        first(entry.fact._tag === "RequestBegan")
          ? [entry, ...[2, 3, 4].map((attempt) => ({ ...entry, fact: { ...entry.fact, attempt } as Simulation.Fact }))]
          : [entry]
      )
      assert.include(found, "attempts are counted")
    })
  )

  it.effect("a request that was left open, and a defect", () =>
    Effect.gen(function* () {
      const first = once()
      assert.include(
        yield* judged((entry) => (first(entry.fact._tag === "RequestEnded") ? [] : [entry])),
        "leaves nothing behind"
      )
      const died = yield* judged((entry) =>
        entry.fact._tag === "SessionEnded" ? [{ ...entry, fact: { ...entry.fact, how: "died" } }] : [entry]
      )
      assert.include(died, "every failure has a name")
    })
  )

  it.effect("a parameter that changed without its reply, and one that nobody proposed", () =>
    Effect.gen(function* () {
      const proposed = yield* judged((entry) => {
        const { fact } = entry
        if (fact._tag !== "Happened" || fact.event._tag !== "Proposed") return [entry]
        const changes = fact.event.changes.map((change) => ({ ...change, after: "something else" }))
        return [{ ...entry, fact: { ...fact, event: { ...fact.event, changes } } }]
      })
      assert.include(proposed, "each by the reply that was asked for it")
      const finished = yield* judged((entry) => {
        const { fact } = entry
        if (fact._tag !== "Happened" || fact.event._tag !== "RunFinished") return [entry]
        return [{ ...entry, fact: { ...fact, event: { ...fact.event, parameters: { draft: "x", final: "y" } } } }]
      })
      assert.include(finished, "all its variables or none")
    })
  )
})
