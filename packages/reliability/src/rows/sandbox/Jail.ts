/**
 * X1: twelve attacks on each jail, what is left of them, and how long a jail takes to start. The attacks are part of every
 * test run, in the package's own tests; this is deep because its times are those of the machine.
 */
import { Attacks, Bubblewrap, CodeRunner, type Program, QuickJs } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as bwrap from "./bwrap.ts"

const starts = 20
const longestStartMs = 100

const median = (numbers: ReadonlyArray<number>): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!

/** The attacks that got through, and the median of programs that do nothing. */
const measured = Effect.fnUntraced(function* (name: string, language: "python" | "javascript") {
  const runner = yield* CodeRunner
  const program: Program.Program = { language, source: "" }
  const times = yield* Effect.forEach(Array.from({ length: starts }), () => runner.run(program))
  const results = yield* Attacks.run(language)
  const broken = results.flatMap((one) => (one.broken === undefined ? [] : [`${name}, ${one.name}: ${one.broken}`]))
  return { name, broken, attacks: results.length, start: median(times.map(({ millis }) => millis)) }
})

export const jail: Row = {
  id: "X1",
  title: "twelve attacks on bubblewrap with Python and with Node, and on QuickJS",
  wanted: `36 of 36 stopped, killed within their limit and ${Attacks.grace} ms; 0 processes left; Python starts in ${longestStartMs} ms`,
  speed: "deep",
  measure: Effect.gen(function* () {
    const dir = yield* bwrap.folder
    const command = yield* bwrap.copy(dir)
    if (command === undefined) return { skipped: "there is no bubblewrap on this machine" }
    const layer = Bubblewrap.layer({ bwrap: command })
    const python = yield* measured("Python in bubblewrap", "python").pipe(Effect.provide(layer))
    const node = yield* measured("Node in bubblewrap", "javascript").pipe(Effect.provide(layer))
    const quickjs = yield* measured("QuickJS", "javascript").pipe(Effect.provide(QuickJs.layer()))
    const left = yield* bwrap.left(command)
    const all = [python, node, quickjs]
    const details = all.flatMap(({ broken }) => broken)
    const attacks = all.reduce((sum, one) => sum + one.attacks, 0)
    return {
      figure: `${attacks - details.length} of ${attacks}; ${left} left; start ${all.map(({ start }) => `${start}`).join(", ")} ms`,
      held: attacks === 36 && details.length === 0 && left === 0,
      late: python.start <= longestStartMs ? [] : [`Python starts in ${python.start} ms`],
      details
    }
  }).pipe(Effect.catchTag("SandboxUnavailable", ({ message }) => Effect.succeed({ skipped: message })))
}
