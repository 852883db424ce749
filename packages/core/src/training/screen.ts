/**
 * Many proposals, few validations: successive halving on training examples that the step has not seen. All are run on a
 * few examples, the better half on a few more, and so on, until as many are left as are to be validated. What is best on
 * average costs the most examples, what is hopeless the fewest. (The bandit of ProTeGi, arXiv 2305.03495, section 3; in
 * rounds, so that no decision depends on which call was faster.)
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Candidate } from "../candidate/Candidate.ts"
import * as Batch from "../evaluation/Batch.ts"
import { within } from "../model/Place.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import { inTurn } from "./inTurn.ts"
import type { Options, Screen } from "./Options.ts"
import type { Emit } from "./State.ts"

interface Screened<P> {
  readonly candidate: Candidate
  readonly parameters: P
  readonly demonstrated: ReadonlyArray<number>
}

/** How often a training example is run at most, where so many proposals are screened. */
export const runs = (proposals: number, wanted: Screen): number =>
  proposals <= wanted.keep
    ? 0
    : proposals * wanted.examples + runs(Math.max(wanted.keep, Math.ceil(proposals / 2)), wanted)

/** Why candidates are turned away, by id. With no more than are to be kept, nothing is run. */
export const screen = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(of: {
  readonly task: Task<P, Ex, Output, E, R, RB>
  readonly options: Options
  readonly wanted: Screen
  readonly children: ReadonlyArray<Screened<P>>
  /** The minibatch: proposals were made for it, and tell little about others there. */
  readonly seen: ReadonlyArray<number>
  readonly step: number
  readonly emit: Emit
}) {
  const { emit, options, step, task, wanted } = of
  const refused = new Map<number, string>()
  const scores = new Map(of.children.map(({ candidate }) => [candidate.id, [] as Array<number>]))
  // what is shown to one of them as a demonstration tells nothing beside the others
  const demonstrated = new Set(of.children.flatMap(({ demonstrated }) => demonstrated))
  const telling = task.train.map((_, place) => place).filter((place) => !demonstrated.has(place))
  const unseen = telling.filter((place) => !of.seen.includes(place))
  const order = yield* Random.withSeed(
    Random.shuffle(unseen.length > 0 ? unseen : of.seen.filter((place) => telling.includes(place))),
    `${options.seed}/screen/${step}`
  )
  const mean = ({ candidate }: Screened<P>): number => {
    const known = scores.get(candidate.id)!
    // what got no answer from the provider is worth nothing, nor is it better than what did
    return known.length === 0 ? Number.NEGATIVE_INFINITY : known.reduce((sum, score) => sum + score, 0) / known.length
  }

  let alive = of.children
  for (let from = 0; alive.length > wanted.keep && from < order.length; from += wanted.examples) {
    const places = order.slice(from, from + wanted.examples)
    yield* inTurn(alive, emit, ({ candidate, parameters }, emit) =>
      Batch.run({
        places,
        one: (place) => Example.evaluate(task, parameters, task.train[place]!, place),
        concurrency: options.concurrency,
        onFailure: options.onFailure,
        onResult: (result) => emit({ _tag: "ExampleEvaluated", step, candidate: candidate.id, split: "train", result })
      }).pipe(
        Effect.map((outcomes) =>
          scores
            .get(candidate.id)!
            .push(
              ...outcomes.flatMap(({ error, result }) =>
                result._tag === "Scored" ? [result.score] : Example.mayPass(error) ? [] : [0]
              )
            )
        ),
        within(`screening of candidate ${candidate.id}`)
      )
    )
    const last = from + wanted.examples >= order.length
    const room = last ? wanted.keep : Math.max(wanted.keep, Math.ceil(alive.length / 2))
    const ranked = alive.toSorted((a, b) => {
      const [left, right] = [mean(a), mean(b)]
      return left === right ? a.candidate.id - b.candidate.id : right - left
    })
    for (const [rank, child] of ranked.entries()) {
      if (rank < room) continue
      const score = mean(child)
      const worth = Number.isFinite(score) ? score.toFixed(3) : "no answer"
      const n = from + places.length
      refused.set(
        child.candidate.id,
        `screened out: ${worth} on ${n} training examples, place ${rank + 1} of ${alive.length}`
      )
    }
    alive = alive.filter(({ candidate }) => !refused.has(candidate.id))
  }
  // where nothing tells, the first of them
  for (const { candidate } of alive.slice(wanted.keep)) {
    refused.set(candidate.id, "screened out: no training example to compare it on that none of them shows")
  }
  return refused
})
