/**
 * Graphs whose feedback is the way it came: each piece names the input slots it passed, from the root down. Two folds
 * that treat every edge alike give the same words; a lost or doubled edge shows as a lost or doubled path.
 */
import { Feedback } from "@backprose/core"
import * as Schema from "effect/Schema"
import { type Blueprint, consumers, reaching, roots } from "./Blueprint.ts"
import * as Built from "./Built.ts"

const meaning: Built.Meaning<string> = {
  schema: Schema.String as Schema.Codec<string, unknown>,
  leaf: (_step, index) => `v${index}`,
  forward: (step, index, inputs) => `v${index}=${step.kind}(${inputs.map((input) => input.split("=")[0]).join()})`,
  backward: (_step, index, inputs, feedback) => inputs.map((_, slot) => feedback.map((one) => passed(one, index, slot)))
}

const passed = (feedback: Feedback.Feedback, index: number, slot: number): Feedback.Feedback =>
  Feedback.make(`${Built.textOf(feedback)}/${index}.${slot}`, { from: `step ${index}` })

/** The graph of a blueprint. A piece of feedback that passed slot 1 of step 4, then slot 0 of step 2, reads `/4.1/2.0`. */
export const build = (blueprint: Blueprint, options: Built.Options = {}): Built.Built =>
  Built.build(blueprint, meaning, options)

/**
 * What each step must receive, by definition and not by any fold: the seed where it is a root, then from each consumer
 * that is itself on the way to a parameter, in order, all that the consumer received. Sums pass it on unmarked.
 */
export const expected = (blueprint: Blueprint): ReadonlyArray<ReadonlyArray<string>> => {
  const known = new Map<number, ReadonlyArray<string>>()
  const isRoot = new Set(roots(blueprint))
  const reaches = reaching(blueprint)
  const of = (step: number): ReadonlyArray<string> => {
    const before = known.get(step)
    if (before !== undefined) return before
    const received = [
      ...(isRoot.has(step) ? [""] : []),
      ...consumers(blueprint, step).flatMap(({ consumer, slot }) =>
        of(consumer).map((path) => (blueprint.steps[consumer]!.kind === "sum" ? path : `${path}/${consumer}.${slot}`))
      )
    ]
    const here = reaches[step]! ? received : []
    known.set(step, here)
    return here
  }
  return blueprint.steps.map((_, step) => of(step))
}

/** All ways from a root down to each step, found by walking every one of them; the seed of a root is the empty way. */
export const paths = (blueprint: Blueprint): ReadonlyArray<ReadonlyArray<string>> => {
  const found: Array<Array<string>> = blueprint.steps.map(() => [])
  const reaches = reaching(blueprint)
  const walk = (step: number, path: string): void => {
    const { inputs, kind } = blueprint.steps[step]!
    if (!reaches[step]!) return
    found[step]!.push(path)
    inputs.forEach((input, slot) => walk(input, kind === "sum" ? path : `${path}/${step}.${slot}`))
  }
  for (const root of roots(blueprint)) walk(root, "")
  return found
}
