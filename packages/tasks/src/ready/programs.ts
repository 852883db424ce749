/** Code: exercises of our own that need no data, and the published sets. */
import { dirname, join } from "node:path"
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Coding from "../coding/Coding.ts"
import * as Exercises from "../coding/exercises/Exercises.ts"
import * as Gap from "../coding/Gap.ts"
import * as HumanEval from "../format/HumanEval.ts"
import * as HumanEvalX from "../format/HumanEvalX.ts"
import * as LeetCodeHard from "../format/LeetCodeHard.ts"
import * as Mbpp from "../format/Mbpp.ts"
import * as Mbxp from "../format/Mbxp.ts"
import * as MultiplE from "../format/MultiplE.ts"
import type { Problem } from "../format/Problem.ts"
import type { Reader } from "../format/Reader.ts"
import * as Source from "../source/Source.ts"
import { because } from "../source/SourceUnavailable.ts"
import * as generated from "./generated.ts"
import * as published from "./published.ts"
import type { About, SolutionTask, StudyOptions, Unreadable } from "./ReadyTask.ts"

const metric = "all hidden tests pass"

const solution = (
  about: Omit<About, "application" | "metric">,
  read: (options: StudyOptions) => Effect.Effect<ReadonlyArray<Problem>, Unreadable, FileSystem>
): SolutionTask => ({
  ...about,
  metric,
  kind: "solution",
  application: "code",
  defaults: { limit: 10, updates: 2 },
  gap: Gap.lines,
  make: (options) =>
    Effect.gen(function* () {
      const all = yield* read(options)
      const { limit, order, seed } = options
      const problems = order === "textgrad" ? all.slice(0, limit) : yield* Dataset.sample(all, limit, seed)
      return Coding.study({ name: about.name, problems, updates: options.updates })
    })
})

const measured = {
  python: "self-repair 0.20 → 0.20, best of 3 0.40 (n 10) with the embedded 1.5B",
  javascript: "self-repair 0.75 → 0.75, best of 3 0.50 (n 4) with the embedded 1.5B"
}

const exercises = (language: Exercises.Language, name: string): SolutionTask =>
  solution(
    {
      name,
      ours: measured[language],
      summary: `small functions in ${language === "python" ? "Python" : "JavaScript"}, whose edges only hidden tests show`,
      data: { source: "twenty exercises of our own", licence: "MIT" }
    },
    ({ data }) =>
      data === undefined ? Effect.succeed(Exercises.all(language)) : Effect.fail(generated.readsNothing(name, data))
  )

const fromFile = (
  about: Omit<About, "application" | "metric">,
  from: { readonly address: string } | { readonly missing: string },
  reader: Reader<Problem>
): SolutionTask =>
  solution(about, ({ data }) => {
    const given = data ?? ("address" in from ? from.address : undefined)
    return given === undefined
      ? Effect.fail(because(about.name, "missing" in from ? from.missing : ""))
      : Source.read(given, { split: "test" }, reader)
  })

export const programs: ReadonlyArray<SolutionTask> = [
  exercises("python", "exercises-python"),
  exercises("javascript", "exercises-javascript"),
  fromFile(
    {
      name: "leetcode-hard",
      summary: "hard programming problems with a few tests each",
      data: {
        source: `LeetCode-Hard JSON lines by --data: ${published.leetCodeHard}, or your own`,
        licence: "LeetCode's"
      },
      paper: "26 → 36 % (gpt-4o, 5 updates, 5 seeds, judged online)"
    },
    {
      missing: `its problems are LeetCode's, so they are only fetched for who asks: name the file that TextGrad reads, --data ${published.leetCodeHard}, or your own`
    },
    // a file of hidden tests beside it, where the user has one
    (file) =>
      Effect.flatMap(FileSystem, (fs) => {
        const hidden = join(dirname(file), "hidden.jsonl")
        return Effect.flatMap(
          Effect.orElseSucceed(fs.exists(hidden), () => false),
          (there) => LeetCodeHard.read(file, there ? hidden : undefined)
        )
      })
  ),
  fromFile(
    {
      name: "humaneval",
      summary: "functions in Python by their docstrings",
      data: published.humanEval.about
    },
    published.humanEval,
    HumanEval.read
  ),
  fromFile(
    {
      name: "humaneval-javascript",
      summary: "the same functions in JavaScript",
      data: published.humanEvalX.about
    },
    published.humanEvalX,
    HumanEvalX.read
  ),
  fromFile(
    {
      name: "humaneval-typescript",
      summary: "the same functions in TypeScript",
      data: published.multiplE.about
    },
    published.multiplE,
    MultiplE.read
  ),
  fromFile(
    { name: "mbpp", summary: "short functions in Python by a sentence", data: published.mbpp.about },
    published.mbpp,
    (file) => Effect.map(Mbpp.read(file), Mbpp.testSet)
  ),
  fromFile(
    { name: "mbxp-typescript", summary: "the same functions in TypeScript", data: published.mbxp.about },
    published.mbxp,
    Mbxp.read
  )
]
