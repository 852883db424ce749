/**
 * The law of merges: whatever an optimizer makes of two candidates, made again it stays as it is.
 */
import { type Candidate, GradientMap, Optimizer, Parameters } from "@backprose/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as StudentModel from "../student/StudentModel.ts"

import * as Law from "./Law.ts"
import type { Subject } from "./OptimizerLaw.ts"
import { entries, task, version } from "./readers.ts"

const four = <S extends Schema.Top>(of: S) => Schema.Tuple([of, of, of, of])

/** Two that came from the seed: which of the four parameters each of them has changed, and its scores. */
const Scores = four(Schema.Literals([0, 0.5, 1]))
const Side = Schema.Struct({ changed: four(Schema.Boolean), scores: Scores })
export const Two = Schema.Struct({
  left: Side,
  right: Side,
  extends: Schema.Literals(["left", "right"]),
  /** Of what is made of them. */
  scores: Scores
})
export type Two = typeof Two.Type

export const pairs: Arbitrary.Arbitrary<Two> = Arbitrary.schema(Two)

const seed: Candidate.Candidate = { id: 0, step: 0, values: Parameters.save(task.parameters), scores: [0, 0, 0, 0] }

const side = (id: number, label: string, { changed, scores }: typeof Side.Type): Candidate.Candidate => ({
  id,
  parent: 0,
  step: id,
  values: {
    ...seed.values,
    ...Object.fromEntries(entries.flatMap(({ name }, i) => (changed[i] === true ? [[name, version(name, label)]] : [])))
  },
  scores
})

/** What a merge makes of one of the candidates, asked in the step after the last of them: nothing where none is made. */
const merging = Effect.fnUntraced(function* (
  parent: Candidate.Candidate,
  candidates: ReadonlyArray<Candidate.Candidate>
) {
  const parameters = yield* Parameters.load(task.parameters, parent.values)
  const lineage = [seed, ...candidates]
  const step = candidates.at(-1)!.step + 1
  const proposal = yield* Optimizer.propose(parameters, GradientMap.empty, { parent, candidates, lineage, step }).pipe(
    Effect.result
  )
  if (Result.isFailure(proposal) || proposal.success.mergedWith === undefined) return undefined
  const { mergedWith, values } = proposal.success
  return {
    other: candidates.find(({ id }) => id === mergedWith),
    values: Parameters.save(Parameters.replace(parameters, values))
  }
})

export const idempotent: Law.Law<Subject, Two> = Law.make(
  "what is merged has every value from one of the two; merged with either of them, or one with its like, it stays as it is",
  (subject, two, law) =>
    Effect.gen(function* () {
      const [left, right] = [side(1, "the left", two.left), side(2, "the right", two.right)]
      const parent = two.extends === "left" ? left : right
      const once = yield* merging(parent, [left, right])
      if (once === undefined) return
      const { other, values } = once
      if (other === undefined || other === parent) return yield* law.fail("it was merged with nobody else")
      for (const { name } of entries) {
        const either = [parent.values[name], other.values[name]].map((value) => JSON.stringify(value))
        yield* law.expect(`whether ${name} is from either`, either.includes(JSON.stringify(values[name])), true)
      }
      const merged: Candidate.Candidate = {
        id: 3,
        parent: parent.id,
        mergedWith: other.id,
        step: 3,
        values,
        scores: two.scores
      }
      for (const one of [merged, left, right]) {
        const again = yield* merging(one, [left, right, merged])
        if (again !== undefined) yield* law.expect(`candidate ${one.id} merged again`, again.values, values)
      }
      const twin = { ...parent, id: 3, step: 3 }
      const alike = yield* merging(parent, [parent, twin])
      if (alike !== undefined) yield* law.expect("one merged with its like", alike.values, parent.values)
    }).pipe(Effect.provide(subject, { local: true }), Effect.provide(StudentModel.layer()), Random.withSeed("law"))
)
