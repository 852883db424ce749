/**
 * Graphs of pure operations, large and deep: time and memory without any model.
 */
import * as Effect from "effect/Effect"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import * as Fresh from "../process/Fresh.ts"
import type { Measured } from "./measure.ts"
import { type ShapeName, shapes } from "./shapes.ts"

const sizes: Record<Size, { readonly nodes: number; readonly repeats: number }> = {
  full: { nodes: 100_000, repeats: 5 },
  tiny: { nodes: 200, repeats: 1 }
}

const names: Record<ShapeName, string> = {
  chain: "chain of",
  tree: "tree of sums,",
  diamonds: "diamonds on diamonds,"
}

const measure = Effect.fnUntraced(function* (shape: ShapeName, { nodes, repeats }: (typeof sizes)[Size]) {
  const script = new URL("./measure.ts", import.meta.url)
  const process = Fresh.result<Measured>({ script, flags: ["--expose-gc"], arguments: [shape, `${nodes}`] })
  const runs = yield* Effect.forEach(Array.from({ length: repeats }), () => process)
  const of = (value: (run: Measured) => number) => runs.map(value)
  const name = `${names[shape]} ${runs[0]!.nodes.toLocaleString("en-US")} nodes`
  const figures: ReadonlyArray<Figure> = [
    repeated(
      { name: `${name}: forward, linearise, backward`, unit: "ms", wanted: 1000 },
      of(({ backwardMs, forwardMs }) => forwardMs + backwardMs)
    ),
    repeated(
      { name: "  forward", unit: "ms" },
      of(({ forwardMs }) => forwardMs)
    ),
    repeated(
      { name: "  backward, which linearises first", unit: "ms" },
      of(({ backwardMs }) => backwardMs)
    ),
    repeated(
      { name: "  of it, linearise", unit: "ms" },
      of(({ linearMs }) => linearMs)
    ),
    repeated(
      { name: "  growth of live memory", unit: "MB", wanted: 150 },
      of(({ liveMb }) => liveMb)
    ),
    repeated(
      { name: "  growth of resident memory", unit: "MB", wanted: 150 },
      of(({ residentMb }) => residentMb)
    )
  ]
  return figures
})

const run = (size: Size) =>
  Effect.map(
    Effect.forEach(Object.keys(shapes) as ReadonlyArray<ShapeName>, (shape) => measure(shape, sizes[size])),
    (figures) => figures.flat()
  )

export const GraphSize: Bench = { name: "graph", run }
