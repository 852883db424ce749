/** Candidates come one by one: the front after each against its definition, and an archive against what it was offered. */
import { type Candidate, Pareto, type Pool, paretoFront, Selector } from "@backprose/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const Score = Schema.NullOr(Schema.Literals([0, 0.5, 1]))

/** A candidate with its scores on four examples. */
export const Command = Schema.Tuple([Score, Score, Score, Score])

type Scores = ReadonlyArray<typeof Command.Type>

const total = (row: ReadonlyArray<number | null>): number => row.reduce<number>((sum, score) => sum + (score ?? 0), 0)

/** By the definition: who leads an example stays, unless others of the front lead all of his; the weakest is tried first. */
const byDefinition = (scores: Scores): ReadonlyArray<number> => {
  const leadersOf = (key: number): ReadonlyArray<number> => {
    const known = scores.flatMap((row) => (row[key] === null ? [] : [row[key]!]))
    const best = Math.max(...known)
    return scores.flatMap((row, place) => (row[key] !== null && row[key] === best ? [place] : []))
  }
  const leaders = [0, 1, 2, 3].map(leadersOf)
  let front = [...new Set(leaders.flat())].toSorted((a, b) => a - b)
  const weakestFirst = front.toSorted((a, b) => total(scores[a]!) - total(scores[b]!) || b - a)
  for (const place of weakestFirst) {
    const others = front.filter((other) => other !== place)
    const spare = leaders.filter((of) => of.includes(place)).every((of) => of.some((other) => others.includes(other)))
    if (spare) front = others
  }
  return front
}

const archive = Effect.runSync(
  Effect.scoped(Effect.map(Layer.build(Pareto.layer()), (context) => Context.get(context, Selector)))
)

/** An archive loses no best: not on any example, and not on average; and it keeps no more than it must. */
const losesNothing = Effect.fnUntraced(function* (script: Scores) {
  // what an example failed for has no score, and a candidate with few of them is not admitted: all are known here
  const rows = script.map((row) => row.map((score) => score ?? 0))
  const candidate = (id: number): Candidate.Candidate => ({ id, step: id, values: { p: `${id}` }, scores: rows[id]! })
  const mean = ({ scores }: Candidate.Candidate) => total(scores ?? [])
  let pool: Pool = [candidate(0)]
  for (let id = 1; id < rows.length; id++) {
    const { accepted, pool: next } = yield* archive.admit(pool, candidate(id))
    pool = next
    const offered = rows.slice(0, id + 1)
    const bestOf = (all: ReadonlyArray<ReadonlyArray<number | null>>) =>
      [0, 1, 2, 3].map((key) => Math.max(...all.map((row) => row[key] ?? 0)))
    const kept = pool.map(({ scores }) => scores ?? [])
    if (accepted !== pool.some((one) => one.id === id)) return false
    if (!Equal.equals(bestOf(kept), bestOf(offered))) return false
    if (mean(archive.best(pool)) !== Math.max(...offered.map(total)) || pool.length > 5) return false
  }
  return true
})

const isTheFront = (script: Scores): boolean =>
  script.every((_, i) => {
    const scores = script.slice(0, i + 1)
    return Equal.equals(
      paretoFront(scores).map(({ place }) => place),
      byDefinition(scores)
    )
  })

/** `false` where front and definition disagree, or the archive lost something. */
export const holds = (script: Scores): Effect.Effect<boolean> =>
  Effect.map(losesNothing(script), (kept) => kept && isTheFront(script))
