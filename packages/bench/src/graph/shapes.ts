/**
 * Graphs of pure operations on numbers, of about as many nodes as asked for: their forward passes.
 */
import { Combine, Feedback, Operation, Parameter, Parameters, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

type Num = Variable.Variable<number>

/** A forward pass that makes a graph with one root. */
export type Shape = (nodes: number) => Effect.Effect<Num>

const criticised = (of: ReadonlyArray<Feedback.Feedback>) => [
  Feedback.make(`${of.length} said that it should be larger`, { from: "the operation behind" })
]

const increment = Operation.make({
  name: "Increment",
  role: "the number after",
  forward: (value: number) => Effect.succeed([value + 1, undefined] as const),
  backward: (_, feedback) => Effect.succeed([criticised(feedback)] as const)
})

// what it was told is said in one piece: passed on piece by piece, it would double with every diamond
const add = Operation.make({
  name: "Add",
  role: "the sum of two",
  forward: (left: number, right: number) => Effect.succeed([(left + right) % 1000, undefined] as const),
  backward: (_, feedback) => {
    const said = criticised(feedback)
    return Effect.succeed([said, said] as const)
  }
})

const number = (initial: number) => Parameter.schema(Schema.Number, initial, { role: "a number to improve" })

const leaves = (count: number): Array<Num> =>
  Object.values(Parameters.make(Object.fromEntries(Array.from({ length: count }, (_, i) => [`leaf${i}`, number(i)]))))

/** One operation after the other: as deep as it has nodes. */
const chain: Shape = Effect.fnUntraced(function* (nodes) {
  let last: Num = Parameters.make({ start: number(0) }).start
  for (let i = 1; i < nodes; i++) last = yield* increment(last)
  return last
})

const fanIn = 100

/** Leaves that are all parameters, then sums of 100 until one is left. */
const tree: Shape = (nodes) =>
  Effect.sync(() => {
    let level = leaves(Math.floor((nodes * (fanIn - 1)) / fanIn))
    while (level.length > 1) {
      const below = level
      level = Array.from({ length: Math.ceil(below.length / fanIn) }, (_, i) =>
        Combine.sum(below.slice(i * fanIn, (i + 1) * fanIn))
      )
    }
    return level[0]!
  })

const width = 1000

/** Layers of 1,000; each node adds two neighbours of the layer before, so that diamonds stand on diamonds. */
const diamonds: Shape = Effect.fnUntraced(function* (nodes) {
  const wide = Math.min(width, Math.ceil(nodes / 4))
  let layer = leaves(wide)
  for (let made = wide; made + wide < nodes; made += wide) {
    const next: Array<Num> = []
    for (let i = 0; i < wide; i++) next.push(yield* add(layer[i]!, layer[(i + 1) % wide]!))
    layer = next
  }
  return Combine.sum(layer)
})

export const shapes = { chain, tree, diamonds }
export type ShapeName = keyof typeof shapes
