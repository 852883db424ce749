/** X2: machines without a jail. A program that would leave a trace if it ran leaves none, and the refusal says why. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { Bubblewrap, CodeRunner, Jail, type Program, type SandboxUnavailable, Unsafe } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Row } from "../../Row.ts"
import { folder, script } from "./bwrap.ts"

/** Leaves a file where it can; says whether it is in Node. */
const program = (language: Program.Language, trace: string): Program.Program => {
  const quoted = JSON.stringify(trace)
  const javascript = `console.log(typeof process)\nrequire("node:fs").writeFileSync(${quoted}, "x")`
  const typescript = `declare var require: any\n${javascript}`
  return { language, source: { python: `open(${quoted}, "w")`, javascript, typescript }[language] }
}

const languages = ["python", "javascript", "typescript"] as const

type Ran = "refused, and says why" | "refused" | "QuickJS" | "no jail" | "?"

const ran = Effect.fnUntraced(function* (
  language: Program.Language,
  trace: string,
  layer: Layer.Layer<CodeRunner, SandboxUnavailable>
) {
  const exit = yield* Effect.flatMap(CodeRunner, (runner) => runner.run(program(language, trace))).pipe(
    Effect.provide(layer),
    Effect.result
  )
  if (existsSync(trace)) return "no jail"
  if (exit._tag === "Success") return exit.success.stdout === "undefined\n" ? "QuickJS" : "?"
  return /bubblewrap/.test(exit.failure.message) ? "refused, and says why" : "refused"
})

interface Case {
  readonly machine: string
  readonly layer: string
  readonly language: Program.Language
  readonly wanted: Ran
  readonly got: Effect.Effect<Ran>
}

export const noJail: Row = {
  id: "X2",
  title: "no jail on the machine: no bwrap, a kernel that forbids it, one that only seems to work",
  wanted: "21 of 21: refused with the reason, QuickJS for what it can run, unjailed only by Unsafe",
  speed: "fast",
  measure: Effect.gen(function* () {
    const dir = yield* folder
    const machines = {
      "no bwrap": join(dir, "nowhere"),
      "namespaces forbidden": yield* script(
        dir,
        "forbidden",
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1"
      ),
      "a bwrap that makes no jail": yield* script(dir, "liar", "echo 42")
    }
    const trace = (name: string) => join(dir, `trace-${name}`)
    const cases = Object.entries(machines).flatMap(([machine, bwrap], i) =>
      languages.flatMap(
        (language): ReadonlyArray<Case> => [
          {
            machine,
            layer: "Bubblewrap",
            language,
            wanted: "refused, and says why",
            got: ran(language, trace(`${i}-b-${language}`), Bubblewrap.layer({ bwrap }))
          },
          {
            machine,
            layer: "Jail",
            language,
            wanted: language === "python" ? "refused, and says why" : "QuickJS",
            got: ran(language, trace(`${i}-j-${language}`), Jail.layer({ bubblewrap: { bwrap } }))
          }
        ]
      )
    )
    // that the trace is one: it is left where the caller has said that there is to be no jail
    const unsafe = languages.map(
      (language): Case => ({
        machine: "any",
        layer: "Unsafe",
        language,
        wanted: "no jail",
        got: ran(language, trace(`u-${language}`), Unsafe.layer)
      })
    )
    const all = [...cases, ...unsafe]
    const details = (yield* Effect.forEach(all, (one) => Effect.map(one.got, (got) => ({ ...one, got })))).flatMap(
      ({ got, language, layer, machine, wanted }) =>
        got === wanted ? [] : [`${machine}, ${layer}, ${language}: ${got} instead of ${wanted}`]
    )
    return { figure: `${all.length - details.length} of ${all.length}`, held: details.length === 0, details }
  })
}
