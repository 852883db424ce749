/**
 * What it costs a program to import core: fresh processes, with the import and without.
 */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { Bench, Size } from "../Bench.ts"
import type { Figure } from "../Figure.ts"
import { ProcessFailed } from "../process/Fresh.ts"
import { difference } from "../turns.ts"

const repeats: Record<Size, number> = { full: 10, tiny: 1 }

interface Cost {
  /** From the start of the process to its end. */
  readonly wall: number
  readonly cpu: number
}

const cpu = `const used = process.cpuUsage(); process.stdout.write(String((used.system + used.user) / 1000))`
const cwd = fileURLToPath(new URL(".", import.meta.url))

const start = (code: string, flags: ReadonlyArray<string>): Effect.Effect<Cost, ProcessFailed> =>
  Effect.callback((resume) => {
    const begun = performance.now()
    execFile(process.execPath, [...flags, "--input-type=module", "-e", `${code}; ${cpu}`], { cwd }, (error, out) =>
      resume(
        error === null
          ? Effect.succeed({ wall: performance.now() - begun, cpu: Number(out) })
          : Effect.fail(new ProcessFailed({ message: error.message }))
      )
    )
  })

const load = `import "@backprose/core"`

/** Empty and importing processes by turns. */
const compare = Effect.fnUntraced(function* (name: string, flags: ReadonlyArray<string>, times: number) {
  const empty: Array<Cost> = []
  const full: Array<Cost> = []
  for (let i = 0; i < times; i++) {
    empty.push(yield* start("", flags))
    full.push(yield* start(load, flags))
  }
  const over = (of: keyof Cost) =>
    difference(
      full.map((cost) => cost[of]),
      empty.map((cost) => cost[of])
    )
  const figures: ReadonlyArray<Figure> = [
    { name: `import "@backprose/core" over an empty process, ${name}`, unit: "ms", wanted: 300, ...over("wall") },
    { name: "  cpu", unit: "ms", ...over("cpu") }
  ]
  return figures
})

const built = fileURLToPath(new URL("../../../core/dist/index.js", import.meta.url))

const run = Effect.fnUntraced(function* (size: Size) {
  const sources = yield* compare("from sources", ["--conditions=@backprose/source"], repeats[size])
  return existsSync(built) ? [...sources, ...(yield* compare("as built", [], repeats[size]))] : sources
})

export const Import: Bench = { name: "import", run }
