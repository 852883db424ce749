/**
 * The laws of selectors, each on a run of proposals with their scores.
 */
import { Candidate, type Pool, Selector } from "@backprose/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Law from "./Law.ts"

/** What is under test. */
export type Subject = Layer.Layer<Selector>

// quarters, so that equal scores come up
const Score = Schema.Literals([0, 0.25, 0.5, 0.75, 1])
const Scores = Schema.Tuple([Score, Score, Score])

/** The scores of the seed, then of each proposal, on three validation examples. */
export const Course = Schema.Struct({ seed: Scores, proposals: Schema.Array(Scores) })
export type Course = typeof Course.Type

export const courses: Arbitrary.Arbitrary<Course> = Arbitrary.schema(Course)

interface Moment {
  readonly pool: Pool
  readonly selected: Candidate.Candidate
  readonly proposed: Candidate.Candidate
  readonly accepted: boolean
  readonly after: Pool
  readonly best: Candidate.Candidate
}

interface Run {
  readonly evaluates: boolean
  readonly seed: Candidate.Candidate
  readonly moments: ReadonlyArray<Moment>
}

const run = (subject: Subject, { proposals, seed }: Course): Effect.Effect<Run> =>
  Effect.gen(function* () {
    const selector = yield* Selector
    const scored = (scores: typeof Scores.Type) => (selector.evaluates ? { scores } : {})
    const first: Candidate.Candidate = { id: 0, step: 0, values: { p: "seed" }, ...scored(seed) }
    const moments: Array<Moment> = []
    let pool: Pool = [first]
    for (const [i, scores] of proposals.entries()) {
      const selected = yield* selector.select(pool)
      const proposed: Candidate.Candidate = {
        id: i + 1,
        parent: selected.id,
        step: i + 1,
        values: { p: `version ${i + 1}` },
        ...scored(scores)
      }
      const { accepted, pool: after } = yield* selector.admit(pool, proposed)
      moments.push({ pool, selected, proposed, accepted, after, best: selector.best(after) })
      pool = after
    }
    return { evaluates: selector.evaluates, seed: first, moments }
  }).pipe(Effect.provide(subject, { local: true }), Random.withSeed("law"))

type SelectorLaw = Law.Law<Subject, Course>

const ids = (pool: Pool) => pool.map(({ id }) => id)

export const keepsOnlyWhatItKnows: SelectorLaw = Law.make(
  "a pool is never empty, holds each candidate once, and holds only what was in it or was just accepted",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { accepted, after, pool, proposed } of (yield* run(subject, course)).moments) {
      yield* law.expect("whether the pool has a candidate", after.length > 0, true)
      yield* law.expect("the pool", ids(after), [...new Set(ids(after))])
      yield* law.expect(`whether the pool holds candidate ${proposed.id}`, ids(after).includes(proposed.id), accepted)
      const strangers = after.filter((one) => one.id !== proposed.id && !pool.includes(one))
      yield* law.expect("the list of candidates from nowhere", strangers, [])
    }
  })
)

export const choosesFromThePool: SelectorLaw = Law.make(
  "what is extended and what is handed out are in the pool",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { after, best, pool, selected } of (yield* run(subject, course)).moments) {
      yield* law.expect("whether the candidate to extend is in the pool", pool.includes(selected), true)
      yield* law.expect("whether the best candidate is in the pool", after.includes(best), true)
    }
  })
)

export const neverWorse: SelectorLaw = Law.make(
  "behind a gate, what is handed out is never worse than the seed on the gate's own data",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const { evaluates, moments, seed } = yield* run(subject, course)
    if (!evaluates) return
    const scoreOf = (candidate: Candidate.Candidate) => Candidate.mean(candidate) ?? Number.NaN
    for (const { best } of moments) {
      if (!(scoreOf(best) >= scoreOf(seed))) {
        yield* law.fail(`candidate ${best.id} scores ${scoreOf(best)}, the seed ${scoreOf(seed)}`)
      }
    }
  })
)

export const repeats: SelectorLaw = Law.make(
  "the same proposals, scores and seed give the same choices",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const [once, again] = [yield* run(subject, course), yield* run(subject, course)]
    yield* law.expect("a second run", again, once)
  })
)

/** All of them. */
export const all: ReadonlyArray<SelectorLaw> = [keepsOnlyWhatItKnows, choosesFromThePool, neverWorse, repeats]
