/**
 * Reverse-mode differentiation in prose: one fold over the graph, from the losses back to the parameters.
 *
 * Each node waits until all of its consumers have spoken, then its pullback turns the feedback on its output into
 * feedback on its inputs. Nothing is written to the graph; the result is a map. (TextGrad, arXiv 2406.07496, section 3.)
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { BackwardError, PullbackArity } from "../graph/BackwardError.ts"
import { type Feedback, objective } from "../graph/Feedback.ts"
import * as Graph from "../graph/Graph.ts"
import type { Any, Variable } from "../graph/Variable.ts"
import { inside, Place, within } from "../model/Place.ts"
import { ofOneCall } from "../model/together.ts"
import * as GradientMap from "./GradientMap.ts"

export interface Options {
  /** What each root starts with. Default: the objective, "make this judgement better". */
  readonly seed?: ReadonlyArray<Feedback>
  /** The variables whose gradient is wanted; parts that reach none of them are not differentiated. Default: parameters. */
  readonly targets?: (variable: Any) => boolean
  /** Pullbacks that may run at once. Default 64; how many model calls that makes is the model layer's own limit. */
  readonly concurrency?: number
}

interface Delivery {
  readonly consumer: number
  readonly slot: number
  readonly feedback: ReadonlyArray<Feedback>
}

/** The gradients of a loss, or of a minibatch of losses, with respect to everything on the way to the parameters. */
export const run = <R = never>(
  losses: Variable<unknown, R> | ReadonlyArray<Variable<unknown, R>>,
  options: Options = {}
): Effect.Effect<GradientMap.GradientMap, BackwardError, R> =>
  Effect.flatMap(Place, (place) => {
    const graph = Graph.make(losses)
    const wanted = reaching(graph, options.targets ?? ((variable) => variable.origin._tag === "Parameter"))
    const waiting = consumers(graph, wanted)
    const inbox: Array<Array<Delivery> | undefined> = new Array(graph.nodes.length)
    const gradients: Array<ReadonlyArray<Feedback>> = new Array(graph.nodes.length)
    /** Pullbacks whose replies could not be used, and what lies behind them: it would hear half of what is said. */
    const failures: Array<BackwardError | undefined> = new Array(graph.nodes.length)
    const unheard: Array<boolean> = new Array(graph.nodes.length).fill(false)
    const seed: Delivery = { consumer: -1, slot: 0, feedback: options.seed ?? [objective] }
    for (const root of new Set(graph.roots)) inbox[root] = [seed]

    const ready: Array<number> = []
    let left = 0
    for (let i = 0; i < graph.nodes.length; i++) {
      if (!wanted[i]) continue
      left++
      if (waiting[i] === 0) ready.push(i)
    }

    const settle = (i: number, given: ReadonlyArray<ReadonlyArray<Feedback>>) => {
      const silent = unheard[i]! || failures[i] !== undefined
      graph.inputs[i]!.forEach((input, slot) => {
        if (!wanted[input]) return
        unheard[input] ||= silent
        const feedback = given[slot]
        if (feedback !== undefined && feedback.length > 0) (inbox[input] ??= []).push({ consumer: i, slot, feedback })
        if (--waiting[input]! === 0) ready.push(input)
      })
    }

    const news = Latch.makeUnsafe(false)
    const worker = Effect.gen(function* () {
      while (left > 0) {
        const i = ready.pop()
        if (i === undefined) {
          news.closeUnsafe()
          yield* news.await
          continue
        }
        const feedback = (gradients[i] = inOrder(inbox[i]))
        inbox[i] = undefined
        const pulled = unheard[i] ? undefined : pullback(graph, i, feedback, wanted)
        const given =
          pulled === undefined
            ? []
            : yield* pulled.pipe(
                Effect.catchIf(ofOneCall, (error) => {
                  failures[i] = error
                  return Effect.succeed([])
                }),
                Effect.provideService(Place, inside(place, `node ${i}`))
              )
        settle(i, given)
        left--
        if (ready.length > 0 || left === 0) news.openUnsafe()
      }
    })

    // whatever the option says, somebody has to work
    const workers = Math.max(1, Math.min(options.concurrency || 64, left))
    return Effect.forEach(Array.from({ length: workers }), () => worker, { concurrency: workers, discard: true }).pipe(
      Effect.flatMap(() => {
        // the one nearest to the losses, not the fastest: the others could have ended well and were allowed to
        const failure = failures.findLast((error) => error !== undefined)
        return failure === undefined ? Effect.succeed(collect(graph, gradients)) : Effect.fail(failure)
      })
    )
  }).pipe(within("backward"), Effect.withSpan("Backward.run"))

const pullback = <R>(
  graph: Graph.Graph<R>,
  i: number,
  feedback: ReadonlyArray<Feedback>,
  wanted: ReadonlyArray<boolean>
): Effect.Effect<ReadonlyArray<ReadonlyArray<Feedback>>, BackwardError, R> | undefined => {
  const { origin } = graph.nodes[i]!
  if (feedback.length === 0 || origin._tag !== "Operation" || origin.pullback === undefined) return undefined
  const inputs = graph.inputs[i]!
  return Effect.flatMap(
    origin.pullback(
      feedback,
      inputs.map((input) => wanted[input]!)
    ),
    (given) =>
      given.length === inputs.length
        ? Effect.succeed(given)
        : Effect.fail(arityError(origin.name, inputs.length, given.length))
  )
}

const arityError = (operation: string, expected: number, actual: number) =>
  new BackwardError({
    operation,
    reason: new PullbackArity({
      message: `its pullback gave feedback for ${actual} inputs, but it has ${expected}`,
      expected,
      actual
    })
  })

/** Which nodes lie on a differentiable path to a target. */
const reaching = (graph: Graph.Graph<any>, isTarget: (variable: Any) => boolean): Array<boolean> => {
  const reaches: Array<boolean> = new Array(graph.nodes.length)
  graph.nodes.forEach((node, i) => {
    const passes = node.origin._tag === "Operation" && node.origin.pullback !== undefined
    reaches[i] = isTarget(node) || (passes && graph.inputs[i]!.some((input) => reaches[input]!))
  })
  return reaches
}

/** How many input slots each node waits for: those of consumers that will themselves be visited. */
const consumers = (graph: Graph.Graph<any>, wanted: ReadonlyArray<boolean>): Array<number> => {
  const count: Array<number> = new Array(graph.nodes.length).fill(0)
  graph.inputs.forEach((inputs, i) => {
    if (wanted[i]) for (const input of inputs) count[input]! += 1
  })
  return count
}

// consumers may finish in any order; their feedback is read in the order of the graph, so a run does not depend on timing
const inOrder = (deliveries: Array<Delivery> | undefined): ReadonlyArray<Feedback> => {
  if (deliveries === undefined) return []
  if (deliveries.length === 1) return deliveries[0]!.feedback
  return deliveries.sort((a, b) => a.consumer - b.consumer || a.slot - b.slot).flatMap((delivery) => delivery.feedback)
}

const collect = (graph: Graph.Graph<any>, gradients: ReadonlyArray<ReadonlyArray<Feedback>>) => {
  const entries = new Map<Any, ReadonlyArray<Feedback>>()
  graph.nodes.forEach((node, i) => {
    if (gradients[i] !== undefined && gradients[i].length > 0) entries.set(node, gradients[i])
  })
  return GradientMap.make(entries)
}
