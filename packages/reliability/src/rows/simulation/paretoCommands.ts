/** Candidates come one by one, and the front is asked for after each, against the definition of it. */
import { paretoFront } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

const Score = Schema.NullOr(Schema.Literals([0, 0.5, 1]))

/** A candidate with its scores on four examples. */
export const Command = Schema.Tuple([Score, Score, Score, Score])

type Scores = ReadonlyArray<typeof Command.Type>

const total = (row: typeof Command.Type): number => row.reduce<number>((sum, score) => sum + (score ?? 0), 0)

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

/** `false` where the front and the definition disagree. */
export const holds = (script: Scores): Effect.Effect<boolean> =>
  Effect.sync(() =>
    script.every((_, i) => {
      const scores = script.slice(0, i + 1)
      return Equal.equals(
        paretoFront(scores).map(({ place }) => place),
        byDefinition(scores)
      )
    })
  )
