import { spawnSync } from "node:child_process"
import { Dataset } from "@backprose/core"
import { Bubblewrap, QuickJs } from "@backprose/sandbox"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as nearInputs from "../../fixture/nearInputs.ts"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as HumanEval from "../format/HumanEval.ts"
import * as HumanEvalX from "../format/HumanEvalX.ts"
import * as Mbpp from "../format/Mbpp.ts"
import * as Mbxp from "../format/Mbxp.ts"
import * as MultiplE from "../format/MultiplE.ts"
import type { Problem } from "../format/Problem.ts"
import * as Exercises from "./exercises/Exercises.ts"
import * as Harness from "./harness/Harness.ts"
import { share } from "./harness/TestRun.ts"
import * as Mutants from "./Mutants.ts"
import * as Solution from "./Solution.ts"
import * as Tests from "./Tests.ts"

/** `BACKPROSE_REFERENCES=all` runs every row and six mutants of each: a quarter of an hour on two cores. */
const every = process.env["BACKPROSE_REFERENCES"] === "all"
const timeout = { timeout: every ? 3_600_000 : 60_000 }

const there = isThere(published(), "published programs and their recorded verdicts")
const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: all programs, since there is no bubblewrap here")

interface Row {
  readonly id: string
  readonly number: number
  readonly target: string
  readonly declaration?: string
  readonly entry_point?: string
  readonly reference_passes?: boolean
}

const rowsOf = <A = Row>(path: string) => jsonLines<A>(published(path))

/** A program, and what is recorded of it. */
interface Known {
  readonly id: string
  readonly problem: Problem
  readonly solution: string
  readonly passes: boolean
}

const literals = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/**
 * 72 references of MBXP are recorded as passing and are no programs: 71 were cut off in the middle of a function, and one has a
 * list with a colon in it. A transpiler that mends what it reads closes the function behind the tests, which then never run.
 */
const isProgram = (id: string, target: string): boolean => {
  if (!id.startsWith("mbxp-ts/")) return true
  const bare = target.replaceAll(literals, "")
  return id !== "mbxp-ts/161" && bare.split("}").length - bare.split("{").length === 1
}

const references = (read: typeof HumanEval.read, set: string) =>
  Effect.gen(function* () {
    const problems = yield* read(published(set, "test-public.jsonl"))
    const rows = new Map(rowsOf(`${set}/test-public.jsonl`).map((row) => [row.id, row]))
    return problems.map((problem): Known => {
      const { reference_passes = true, target } = rows.get(problem.id)!
      const passes = reference_passes && isProgram(problem.id, target)
      return { id: problem.id, problem, solution: problem.reference!, passes }
    })
  })

/** MultiPL-E has no solutions: those of HumanEval-X under the names of its tests. */
const translated = (set: string) =>
  Effect.gen(function* () {
    const solutions = new Map(rowsOf("humaneval-x-js/test-public.jsonl").map((row) => [row.number, row]))
    const problems = yield* MultiplE.read(published(set, "test-public.jsonl"))
    return rowsOf(`${set}/test-public.jsonl`).map((row): Known => {
      const { declaration, entry_point, target } = solutions.get(row.number)!
      const problem = problems.find(({ id }) => id === row.id)!
      const own = problem.entryPoint
      const alias = entry_point === own ? "" : `\nconst ${own} = ${entry_point};`
      return { id: row.id, problem, solution: `${declaration}${target}${alias}`, passes: row.reference_passes! }
    })
  })

const reflexion = Effect.gen(function* () {
  const problems = yield* HumanEval.read(published("humaneval-py/test-public.jsonl"))
  type Run = {
    readonly id: string
    readonly dataset_id: string
    readonly solution: string
    readonly is_solved: boolean
  }
  return rowsOf<Run>("recorded/reflexion-humaneval/runs.jsonl").map((run): Known => {
    const problem = problems.find(({ id }) => id === run.dataset_id)!
    return { id: run.id, problem, solution: Solution.of(run.solution, problem), passes: run.is_solved }
  })
})

const sets = {
  "humaneval-py": references(HumanEval.read, "humaneval-py"),
  "humaneval-x-js": references(HumanEvalX.read, "humaneval-x-js"),
  mbpp: references(Mbpp.read, "mbpp"),
  "mbxp-ts": references(Mbxp.read, "mbxp-ts"),
  "multipl-e-humaneval-js": translated("multipl-e-humaneval-js"),
  "multipl-e-humaneval-ts": translated("multipl-e-humaneval-ts"),
  "recorded/reflexion-humaneval": reflexion
}

/** Some rows of a set, the same in every run; all where that is asked for. What is left out is said. */
const chosen = <A>(set: string, all: ReadonlyArray<A>, n: number) =>
  Effect.map(Dataset.sample(all, every ? all.length : n, 1), (some) => {
    if (some.length < all.length) {
      console.log(`skipped: ${all.length - some.length} of ${all.length} of ${set}; BACKPROSE_REFERENCES=all runs them`)
    }
    return some
  })

const jail = Layer.merge(Bubblewrap.layer(), NodeFileSystem.layer)

const jails = [
  { name: "bubblewrap", runs: jailed, jail, sets },
  {
    name: "QuickJS",
    runs: true,
    jail: Layer.merge(QuickJs.layer(), NodeFileSystem.layer),
    sets: Object.fromEntries(Object.entries(sets).filter(([set]) => /-(js|ts)$/.test(set)))
  }
]

/** Rows whose description shows an example that their own hidden tests contradict. */
const contradicted: Record<string, ReadonlyArray<string>> = {
  "humaneval-py": ["47", "116"],
  "multipl-e-humaneval-js": ["47", "116", "140", "148"],
  "multipl-e-humaneval-ts": ["47", "116", "140"]
}

describe.skipIf(!there || !jailed)("public tests that were read from descriptions", () => {
  layer(jail)((it) => {
    for (const [set, numbers] of Object.entries(contradicted)) {
      it.effect(
        `of ${set} hold for right programs, except where they are published wrong`,
        () =>
          Effect.gen(function* () {
            const right = (yield* sets[set as keyof typeof sets]).filter(({ passes }) => passes)
            const failed = yield* Effect.filter(
              yield* chosen(`the descriptions of ${set}`, right, 4),
              ({ problem, solution }) => Effect.map(Tests.open(problem, solution), (runs) => share(runs) < 1),
              { concurrency: 2 }
            )
            const other = failed.map(({ id }) => id).filter((id) => !numbers.includes(/\d+/.exec(id)![0]))
            assert.deepStrictEqual(other, [])
          }),
        timeout
      )
    }
  })
})

for (const { jail, name, runs, sets } of jails) {
  describe.skipIf(!there || !runs)(`programs that were judged before, in ${name}`, () => {
    layer(jail)((it) => {
      for (const [set, known] of Object.entries(sets)) {
        it.effect(
          `of ${set} pass the hidden tests exactly where that is recorded`,
          () =>
            Effect.gen(function* () {
              const some = yield* chosen(`the programs of ${set}`, yield* known, 4)
              const verdicts = yield* Effect.forEach(
                some,
                ({ id, passes, problem, solution }) =>
                  Effect.map(Tests.hidden(problem, solution), (runs) => ({
                    id,
                    recorded: passes,
                    measured: share(runs) === 1,
                    why: runs.find(({ passed }) => !passed)
                  })),
                { concurrency: 2 }
              )
              const other = verdicts.filter(({ measured, recorded }) => measured !== recorded)
              console.log(`${set} in ${name}: ${verdicts.length - other.length} of ${verdicts.length} as recorded`)
              assert.deepStrictEqual(other, [])
            }),
          timeout
        )
      }
    })
  })
}

/** Six mutants a problem at most, of those whose reference passes, the same in every run. */
const slips = (problems: ReadonlyArray<Problem>) =>
  Effect.map(
    Effect.forEach(problems, (problem) =>
      Effect.map(Dataset.sample(Mutants.of(problem.reference!, problem.language), 6, 1), (mutants) =>
        mutants.map((mutant) => ({ problem, ...mutant }))
      )
    ),
    (mutants) => mutants.flat()
  )

const passing = (known: ReadonlyArray<Known>) => known.filter(({ passes }) => passes).map(({ problem }) => problem)

const caughtIn = {
  "exercises in Python": Effect.succeed(Exercises.all("python")),
  "exercises in JavaScript": Effect.succeed(Exercises.all("javascript")),
  ...(there
    ? {
        "humaneval-py": Effect.map(sets["humaneval-py"], passing),
        "humaneval-x-js": Effect.map(sets["humaneval-x-js"], passing),
        mbpp: Effect.map(sets.mbpp, passing)
      }
    : {})
}

/**
 * Tests of other inputs than the published ones: those of EvalPlus for HumanEval, else near ones where the reference can be asked.
 * A mutant that passes those too changes nothing that anybody has found.
 */
const further = (problem: Problem): ReadonlyArray<string> => {
  const { entryPoint, id, language } = problem
  type Io = {
    readonly number: number
    readonly tests: ReadonlyArray<{ readonly args: unknown; readonly expected: unknown }>
  }
  if (!id.startsWith("humaneval")) return language === "python" ? [nearInputs.test(problem)] : []
  const number = Number(id.split("/").at(-1))
  const row = rowsOf<Io>("humaneval-io/test-public.jsonl").find((io) => io.number === number)
  return (row?.tests ?? []).map(({ args, expected }) => {
    const [given, wanted] = [args, expected].map((value) => JSON.stringify(JSON.stringify(value)))
    return language === "python"
      ? `import json\nassert json.loads(json.dumps(${entryPoint}(*json.loads(${given})))) == json.loads(${wanted})`
      : `assert.deepEqual(JSON.parse(JSON.stringify(${entryPoint}(...JSON.parse(${given})))), JSON.parse(${wanted}))`
  })
}

/** Whether a mutant that passed the hidden tests fails a further one that the reference passes; also where there are none. */
const slipped = Effect.fnUntraced(function* (problem: Problem, code: string) {
  const tests = further(problem)
  if (tests.length === 0) return true
  const right = yield* Harness.run({ problem, solution: problem.reference!, tests })
  const told = right.filter(({ passed }) => passed).map(({ test }) => test)
  return share(yield* Harness.run({ problem, solution: code, tests: told })) < 1
})

/**
 * What is caught at least. Mutants that no further input tells apart do not count, as is usual for equivalent ones: most read
 * an element behind the end of a list, and go on. MBPP has three assertions a problem, and hides two.
 */
const floor = {
  "exercises in Python": 0.9,
  "exercises in JavaScript": 0.9,
  "humaneval-py": 0.95,
  "humaneval-x-js": 0.95,
  mbpp: 0.85
}

describe.skipIf(!jailed)("mutants of right programs", () => {
  layer(jail)((it) => {
    for (const [set, problems] of Object.entries(caughtIn)) {
      it.effect.skipIf(!every && set !== "exercises in Python")(
        `of ${set} are caught by hidden tests`,
        () =>
          Effect.gen(function* () {
            const some = yield* chosen(`the mutants of ${set}`, yield* slips(yield* problems), 10)
            const survivors = yield* Effect.filter(
              some,
              ({ code, problem }) => Effect.map(Tests.hidden(problem, code), (runs) => share(runs) === 1),
              { concurrency: 2 }
            )
            const missed = yield* Effect.filter(survivors, ({ code, problem }) => slipped(problem, code), {
              concurrency: 2
            })
            const graded = yield* Effect.filter(
              missed,
              ({ code, problem }) => Effect.map(Tests.open(problem, code), (runs) => share(runs) === 1),
              { concurrency: 2 }
            )
            const caught = some.length - survivors.length
            const rate = caught / (caught + missed.length)
            console.log(
              `${set}: ${caught} of ${some.length} mutants caught; further inputs tell ${missed.length} of the others apart, of which ${graded.length} pass the public tests too: ${survivors.map(({ problem, slip }) => `${problem.id} ${slip}`).join("; ")}`
            )
            assert.isAtLeast(rate, floor[set as keyof typeof floor])
          }),
        timeout
      )
    }
  })
})
