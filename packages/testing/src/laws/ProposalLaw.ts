/**
 * The laws of proposals that are made from all that a run knows.
 */
import { Parameters } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Asked, type Course, play } from "./Course.ts"
import * as Law from "./Law.ts"
import type { Subject } from "./OptimizerLaw.ts"

type ProposalLaw = Law.Law<Subject, Course>

/** Fails unless both were asked for, and came, in the same way. */
const same = Effect.fnUntraced(function* (
  law: Law.Check,
  actual: ReadonlyArray<Asked>,
  expected: ReadonlyArray<Asked>
) {
  for (const [i, one] of expected.entries()) {
    const other = actual[i]!
    const at = `in step ${one.step}, sample ${one.sample}`
    yield* law.expect(`what models were asked ${at}`, JSON.stringify(other.calls), JSON.stringify(one.calls))
    yield* law.expect(`what was proposed ${at}`, shown(other), shown(one))
  }
})

const shown = ({ result }: Asked): unknown =>
  Result.isFailure(result)
    ? result.failure.message
    : { ...result.success, values: [...result.success.values], reasons: [...result.success.reasons] }

export const repeats: ProposalLaw = Law.make(
  "the same request gives the same proposal, whatever evidence, versions and candidates, step and sample it is made from",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const [once, again] = [yield* play(subject, course), yield* play(subject, course)]
    yield* same(law, again.asked, once.asked)
  })
)

export const knowsNothingBeside: ProposalLaw = Law.make(
  "proposals of one step know nothing of each other: made in another order they are the same",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const [forth, back] = [yield* play(subject, course), yield* play(subject, course, { isReversed: true })]
    yield* same(law, back.asked, forth.asked)
  })
)

export const failsClean: ProposalLaw = Law.make(
  "a proposal that failed leaves nothing behind: the run goes on as if it had not been asked for",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    const troubled = yield* play(subject, course, { isTroubled: true })
    if (troubled.troubled === undefined || Result.isSuccess(troubled.troubled.result)) return
    const smooth = yield* play(subject, course)
    yield* same(law, troubled.asked, smooth.asked)
  })
)

export const fillsItsSlots: ProposalLaw = Law.make(
  "a proposal fills only slots that it was asked for, with values of their schemas; by gradients, all of them",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { differentiates, proposed, request } of (yield* play(subject, course)).asked) {
      if (request === undefined || proposed === undefined) continue
      const { mergedWith, values } = proposed
      const all = Parameters.entries(request.parameters)
      const asked = (mergedWith === undefined ? request.entries : all).map(({ name }) => name)
      const names = [...values.keys()]
      yield* law.expect(
        "the list of slots nobody asked for",
        names.filter((name) => !asked.includes(name)),
        []
      )
      for (const { name, origin } of all) {
        if (!values.has(name)) continue
        yield* law.expect(`whether the value of ${name} is one`, Schema.is(origin.schema)(values.get(name)), true)
      }
      if (mergedWith === undefined) {
        if (differentiates) yield* law.expect("the list of slots", names.sort(), [...asked].sort())
        continue
      }
      const other = request.candidates.find(({ id }) => id === mergedWith)
      if (other === undefined || mergedWith === request.parent.id) yield* law.fail(`merged with ${mergedWith}`)
    }
  })
)

export const touchesNothing: ProposalLaw = Law.make(
  "a proposal changes nothing of what it was given",
  Effect.fnUntraced(function* (subject: Subject, course: Course, law: Law.Check) {
    for (const { isTouched, sample, step } of (yield* play(subject, course)).asked) {
      yield* law.expect(`whether anything changed in step ${step}, sample ${sample}`, isTouched, false)
    }
  })
)

/** All of them. */
export const all: ReadonlyArray<ProposalLaw> = [repeats, knowsNothingBeside, failsClean, fillsItsSlots, touchesNothing]
