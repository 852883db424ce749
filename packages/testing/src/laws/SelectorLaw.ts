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
const four = <S extends Schema.Top>(of: S) => Schema.Tuple([of, of, of, of])

/** Which of the examples failed, besides: 0 none. */
const Lost = four(Schema.Literals(["scored", "scored", "scored", "failed"]))

/** A proposal: its scores on four validation examples, which of them failed, and what it costs beside. */
const Proposed = Schema.Struct({ scores: four(Score), lost: Lost, length: Schema.Literals([10, 20, 40]) })

/** The scores of the seed, then those of each proposal. */
export const Course = Schema.Struct({ seed: four(Score), proposals: Schema.Array(Proposed) })
export type Course = typeof Course.Type

export const courses: Arbitrary.Arbitrary<Course> = Arbitrary.schema(Course)

interface Moment {
  readonly pool: Pool
  readonly selected: Candidate.Candidate
  readonly several: ReadonlyArray<Candidate.Candidate>
  readonly proposed: Candidate.Candidate
  readonly accepted: boolean
  readonly reason: string
  readonly after: Pool
  readonly best: Candidate.Candidate
}

interface Run {
  readonly evaluates: boolean
  readonly seed: Candidate.Candidate
  readonly moments: ReadonlyArray<Moment>
}

const shown = ({ lost, scores }: typeof Proposed.Type): ReadonlyArray<number | null> =>
  scores.map((score, place) => (lost[place] === "failed" ? null : score))

/** All scores of a proposal at once as high, or as low, as they may be. */
const extreme = (candidate: Candidate.Candidate, score: number): Candidate.Candidate => ({
  ...candidate,
  ...(candidate.scores === undefined ? {} : { scores: candidate.scores.map(() => score) })
})

/** `whatIf`: it is also asked about candidates that never come. */
const run = (subject: Subject, { proposals, seed }: Course, whatIf = false): Effect.Effect<Run> =>
  Effect.gen(function* () {
    const selector = yield* Selector
    const scored = (scores: ReadonlyArray<number | null>, length: number) =>
      selector.evaluates ? { scores, objectives: { length } } : {}
    const first: Candidate.Candidate = { id: 0, step: 0, values: { p: "seed" }, ...scored(seed, 20) }
    const moments: Array<Moment> = []
    let pool: Pool = [first]
    for (const [i, proposal] of proposals.entries()) {
      const selected = yield* selector.select(pool)
      const several = yield* selector.selectMany?.(pool, 2) ?? Effect.succeed([])
      const proposed: Candidate.Candidate = {
        id: i + 1,
        parent: selected.id,
        step: i + 1,
        values: { p: `version ${i + 1}` },
        ...scored(shown(proposal), proposal.length)
      }
      if (whatIf) {
        for (const candidate of [extreme(proposed, 1), extreme(proposed, 0)]) {
          yield* selector.admit(pool, candidate)
          if (selector.mayAdmit !== undefined) yield* selector.mayAdmit(pool, candidate)
        }
      }
      const { accepted, pool: after, reason } = yield* selector.admit(pool, proposed)
      moments.push({ pool, selected, several, proposed, accepted, reason, after, best: selector.best(after) })
      pool = after
    }
    return { evaluates: selector.evaluates, seed: first, moments }
  }).pipe(Effect.provide(subject, { local: true }), Random.withSeed("law"))

type SelectorLaw = Law.Law<Subject, Course>

const ids = (pool: ReadonlyArray<Candidate.Candidate>) => pool.map(({ id }) => id)

export const keepsOnlyWhatItKnows: SelectorLaw = Law.make(
  "a pool is never empty, holds each candidate once, oldest first, and only what was in it or was just accepted",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { accepted, after, pool, proposed } of (yield* run(subject, course)).moments) {
      yield* law.expect("whether the pool has a candidate", after.length > 0, true)
      yield* law.expect(
        "the pool",
        ids(after),
        [...new Set(ids(after))].sort((a, b) => a - b)
      )
      yield* law.expect(`whether the pool holds candidate ${proposed.id}`, ids(after).includes(proposed.id), accepted)
      const strangers = after.filter((one) => one.id !== proposed.id && !pool.includes(one))
      yield* law.expect("the list of candidates from nowhere", strangers, [])
    }
  })
)

export const choosesFromThePool: SelectorLaw = Law.make(
  "what is extended and what is handed out are in the pool; of several to extend, each is another",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { after, best, pool, selected, several } of (yield* run(subject, course)).moments) {
      yield* law.expect("whether the candidate to extend is in the pool", pool.includes(selected), true)
      yield* law.expect("whether the best candidate is in the pool", after.includes(best), true)
      yield* law.expect(
        "whether those to extend at once are in the pool",
        several.every((one) => pool.includes(one)),
        true
      )
      yield* law.expect("those to extend at once", ids(several), [...new Set(ids(several))].slice(0, 2))
    }
  })
)

/** What failed counts as wrong. */
const atWorst = ({ scores = [] }: Candidate.Candidate): number =>
  scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)

const rounding = 1e-9

export const neverWorse: SelectorLaw = Law.make(
  "behind a gate, what is handed out is never worse than the seed on the gate's own data",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const { evaluates, moments, seed } = yield* run(subject, course)
    if (!evaluates) return
    for (const { best } of moments) {
      if (!(atWorst(best) >= atWorst(seed) - rounding)) {
        const said = `candidate ${best.id} scores ${atWorst(best) / 4}, the seed ${atWorst(seed) / 4}`
        yield* law.fail(`${said}, what failed counted as wrong`)
      }
    }
  })
)

export const neverLoses: SelectorLaw = Law.make(
  "behind a gate, what is handed out never gets worse from one proposal to the next",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const { evaluates, moments, seed } = yield* run(subject, course)
    if (!evaluates) return
    let before = seed
    for (const { best } of moments) {
      if (!(atWorst(best) >= atWorst(before) - rounding)) {
        yield* law.fail(
          `candidate ${best.id} scores ${atWorst(best) / 4}, candidate ${before.id} ${atWorst(before) / 4}`
        )
      }
      before = best
    }
  })
)

export const moreIsMore: SelectorLaw = Law.make(
  "who is let in would be let in with a higher score too, and nobody who might be is given up",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { accepted, pool, proposed } of (yield* run(subject, course)).moments) {
      if (!accepted || proposed.scores === undefined) continue
      for (const place of proposed.scores.keys()) {
        const higher = { ...proposed, scores: proposed.scores.map((score, i) => (i === place ? 1 : score)) }
        const [taken, hope] = yield* Effect.gen(function* () {
          const selector = yield* Selector
          const { accepted } = yield* selector.admit(pool, higher)
          return [accepted, yield* selector.mayAdmit?.(pool, higher) ?? Effect.succeed(accepted)] as const
        }).pipe(Effect.provide(subject, { local: true }), Random.withSeed("law"))
        const who = `candidate ${proposed.id} with example ${place} right`
        yield* law.expect(`whether ${who} is let in`, taken, true)
        yield* law.expect(`whether ${who} might be let in`, hope, true)
      }
    }
  })
)

export const remembersNothing: SelectorLaw = Law.make(
  "asked what would become of candidates that never come, it goes on as if it had not been asked",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    yield* law.expect("a run with such questions", yield* run(subject, course, true), yield* run(subject, course))
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
export const all: ReadonlyArray<SelectorLaw> = [
  keepsOnlyWhatItKnows,
  choosesFromThePool,
  neverWorse,
  neverLoses,
  moreIsMore,
  remembersNothing,
  repeats
]
