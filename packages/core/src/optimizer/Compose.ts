/**
 * Several optimizers as one: one after the other, in turn, by chance, or more of whatever helps. Which of them proposes is
 * decided by what the run knows and by no memory, and a step pays for a backward pass only if the one that has it reads
 * gradients.
 *
 * A best of several is no composition: which is best only an evaluation can tell, so it is `proposals` of the run.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as Layer from "effect/Layer"
import { type Candidate, mean } from "../candidate/Candidate.ts"
import { asks, type Calls, differentiates, type Knowledge, Optimizer } from "./Optimizer.ts"

/** A layer of any optimizer. */
export type Inner = Layer.Layer<Optimizer, any, any>

/** The composition of some layers: it needs what they need. */
export type Composed<L extends Inner> = Layer.Layer<Optimizer, Layer.Error<L>, Layer.Services<L>>

/** Which one proposes: by its place. The same knowledge gives the same place. */
type Pick = (knowledge: Knowledge) => number

const compose = <L extends Inner>(layers: ReadonlyArray<L>, pick: Pick): Composed<L> =>
  Layer.effect(
    Optimizer,
    Effect.map(
      Effect.forEach(layers, (layer) => Effect.map(Layer.build(layer), Context.get(Optimizer))),
      (inner) =>
        Optimizer.of({
          differentiates:
            inner.some((one) => one.differentiates !== false) &&
            ((knowledge) => differentiates(inner[pick(knowledge)]!, knowledge)),
          asks: (of) => {
            const all = inner.map((one) => asks(one, of))
            const most = (role: keyof Calls) => Math.max(0, ...all.map((calls) => calls[role]))
            return { backward: most("backward"), optimizer: most("optimizer") }
          },
          propose: (request) => inner[pick(request)]!.propose(request)
        })
    )
  ) as Composed<L>

/** A composition has at least one. */
type Some<A> = readonly [A, ...ReadonlyArray<A>]

/**
 * One after the other, each for so many steps of the run; the last of them for the rest, whatever its number says. A layer
 * that comes twice is one optimizer and remembers.
 *
 * **Example**
 *
 * ```ts
 * import { Bootstrap, Compose, TextualGradientDescent } from "@backprose/core"
 *
 * const optimizer = Compose.sequence([TextualGradientDescent.layer(), 10], [Bootstrap.layer(), 5])
 * ```
 */
export const sequence = <L extends Inner>(...phases: Some<readonly [layer: L, steps: number]>): Composed<L> =>
  compose(
    phases.map(([layer]) => layer),
    ({ step }) => {
      const at = phases.findIndex((_, i) => step <= phases.slice(0, i + 1).reduce((sum, [, steps]) => sum + steps, 0))
      return at < 0 ? phases.length - 1 : at
    }
  )

/** In turn, a step each. */
export const alternate = <L extends Inner>(...layers: Some<L>): Composed<L> =>
  compose(layers, ({ step }) => Math.max(0, step - 1) % layers.length)

/**
 * By chance, each in proportion to its weight (not negative; all 0 is all equal): drawn anew for each proposal from the
 * run's seed, so several proposals of one step may come from different optimizers.
 */
export const mixture = <L extends Inner>(...parts: Some<readonly [layer: L, weight: number]>): Composed<L> =>
  compose(
    parts.map(([layer]) => layer),
    ({ sample, seed, step }) =>
      place(
        parts.map(([, weight]) => weight),
        drawn(`${seed}/mixture/${step}/${sample}`)
      )
  )

/**
 * More steps for whoever brings more: each step is drawn in proportion to how often the steps of an optimizer made a
 * candidate that scored better than what it came from (of all its steps, one success and one failure added, so nobody is
 * ever out). Where candidates are not evaluated all stay equal.
 */
export const portfolio = <L extends Inner>(...layers: Some<L>): Composed<L> =>
  compose(layers, ({ lineage, seed, step }) => {
    const better = gains(lineage)
    const told = lineage.some((candidate) => mean(candidate) !== undefined) ? step : 1
    const tallies = layers.map(() => ({ steps: 0, gains: 0 }))
    const whose = (step: number) =>
      place(
        tallies.map(({ gains, steps }) => (gains + 1) / (steps + 2)),
        drawn(`${seed}/portfolio/${step}`)
      )
    // who had each step is drawn again: it follows from what was known by then
    for (let past = 1; past < told; past++) {
      const tally = tallies[whose(past)]!
      tally.steps += 1
      if (better.has(past)) tally.gains += 1
    }
    return whose(step)
  })

/** The steps that made a candidate with a better score than the one it came from. */
const gains = (lineage: ReadonlyArray<Candidate>): ReadonlySet<number> => {
  const scores = new Map(lineage.map((candidate) => [candidate.id, mean(candidate)]))
  return new Set(
    lineage
      .filter(({ id, parent }) => {
        const [before, after] = [parent === undefined ? undefined : scores.get(parent), scores.get(id)]
        return before !== undefined && after !== undefined && after > before
      })
      .map(({ step }) => step)
  )
}

/** A number from 0 to 1, below 1: the same for the same key. A draw that asks no service, so that it can be repeated. */
const drawn = (key: string): number => {
  let hash = Hash.string(key)
  // keys that differ in a digit are to be far apart
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) hash = Math.imul(hash ^ (hash >>> 16), factor)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** The place that a number from 0 to 1 points at, where each has room in proportion to its weight. */
const place = (weights: ReadonlyArray<number>, number: number): number => {
  const positive = weights.map((weight) => (weight > 0 ? weight : 0))
  const room = positive.some((weight) => weight > 0) ? positive : weights.map(() => 1)
  let rest = number * room.reduce((sum, weight) => sum + weight, 0)
  const at = room.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
  return at < 0 ? room.findLastIndex((weight) => weight > 0) : at
}
