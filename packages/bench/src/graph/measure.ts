/**
 * One graph in a process of its own: forward, backward, and linearised alone; how long each took and what memory they left in use.
 * Arguments: shape, nodes.
 */
import { Backward, Graph } from "@backprose/core"
import * as Effect from "effect/Effect"
import { endWithParent, say } from "../process/say.ts"
import { type ShapeName, shapes } from "./shapes.ts"

export interface Measured {
  readonly nodes: number
  /** Variables that received feedback. */
  readonly gradients: number
  readonly forwardMs: number
  readonly linearMs: number
  readonly backwardMs: number
  /** Growth of live memory (heap and buffers, after a collection), graph and gradients still held. */
  readonly liveMb: number
  /** Growth of the memory that the system has given to the process, garbage not yet collected included. */
  readonly residentMb: number
}

const collect = (globalThis as { readonly gc?: () => void }).gc ?? (() => {})
const mega = 1024 * 1024

const live = () => {
  collect()
  const { external, heapUsed } = process.memoryUsage()
  return (heapUsed + external) / mega
}

const timed = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    const start = performance.now()
    return Effect.map(effect, (value) => ({ value, ms: performance.now() - start }))
  })

const measure = Effect.fnUntraced(function* (shape: ShapeName, nodes: number) {
  const liveBefore = live()
  const residentBefore = process.memoryUsage.rss() / mega
  const forward = yield* timed(shapes[shape](nodes))
  const backward = yield* timed(Backward.run(forward.value))
  const residentMb = process.memoryUsage.rss() / mega - residentBefore
  const liveMb = live() - liveBefore
  // once more, alone, after all that counts: the backward pass has done it itself
  const linear = yield* timed(Effect.sync(() => Graph.make(forward.value)))
  return {
    nodes: linear.value.nodes.length,
    gradients: backward.value.entries.size,
    forwardMs: forward.ms,
    linearMs: linear.ms,
    backwardMs: backward.ms,
    liveMb,
    residentMb
  } satisfies Measured
})

const [shape, nodes] = process.argv.slice(2)
endWithParent()
await say(await Effect.runPromise(measure(shape as ShapeName, Number(nodes))))
process.exit()
