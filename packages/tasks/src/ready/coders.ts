/** Prompt optimisation of a coder: on exercises of our own, on published sets, or on problems of the user's own. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Record from "effect/Record"
import * as CoderTask from "../coding/CoderTask.ts"
import * as Exercises from "../coding/exercises/Exercises.ts"
import * as HumanEval from "../format/HumanEval.ts"
import * as Mbpp from "../format/Mbpp.ts"
import { Problem } from "../format/Problem.ts"
import { lines, type Reader } from "../format/Reader.ts"
import * as Published from "../prompting/Published.ts"
import type { Sizes } from "../shuffle/Sizes.ts"
import * as Source from "../source/Source.ts"
import * as published from "./published.ts"
import type { About, DataOptions, PromptTask, Unreadable } from "./ReadyTask.ts"

const coding = {
  kind: "prompt",
  application: "code",
  metric: "share of tests passed, hidden ones too",
  defaults: { sizes: { train: 8, validation: 5, test: 7 }, steps: 3, batchSize: 4 }
} as const

type Split = Dataset.Split<Problem>

// sets that share no description
const asked = (problems: ReadonlyArray<Problem>) => problems.map((problem) => ({ question: problem.prompt, problem }))

const split = (
  data: string,
  reader: Reader<Problem>,
  { order, seed }: DataOptions,
  sizes: Sizes
): Effect.Effect<Split, Unreadable, FileSystem> =>
  Effect.map(
    Published.split(data, (file) => Effect.map(reader(file), asked), { sizes, seed, order }),
    (sets) => Record.map(sets, (rows) => rows.map(({ problem }) => problem))
  )

/** The published file of MBPP by its own sets, any other as all data is cut. */
const mbpp = Effect.fnUntraced(function* (data: string, options: DataOptions, sizes: Sizes) {
  const problems = yield* Source.read(data, { split: "test" }, Mbpp.read)
  if (!Mbpp.isPublished(problems)) return yield* split(data, Mbpp.read, options, sizes)
  const part = (name: keyof Split, from: ReadonlyArray<Problem>) => {
    const alone = { train: 0, validation: 0, test: 0, [name]: sizes[name] }
    return Effect.map(Published.seeded(asked(from), { sizes: alone, seed: options.seed, file: data }), (sets) =>
      sets[name].map(({ problem }) => problem)
    )
  }
  return yield* Effect.all({
    train: part("train", Mbpp.trainingSet(problems)),
    validation: part("validation", Mbpp.validationSet(problems)),
    test: part("test", Mbpp.testSet(problems))
  })
})

const exercisesOrOwn = Effect.fnUntraced(function* (data: string | undefined, options: DataOptions, sizes: Sizes) {
  if (data !== undefined)
    return yield* split(
      data,
      lines(Problem, (problem) => problem),
      options,
      sizes
    )
  return Published.inTurn(yield* Dataset.shuffle(Exercises.all("python"), options.seed), sizes)
})

const trained = (
  about: Omit<About, "application" | "metric">,
  read: (options: DataOptions, sizes: Sizes) => Effect.Effect<Split, Unreadable, FileSystem>
): PromptTask => ({
  ...about,
  ...coding,
  make: (sizes, options) => Effect.map(read(options, sizes), (sets) => CoderTask.make({ name: about.name, ...sets }))
})

/** Instructions of a coder, trained on some problems and tested on others. */
export const coders: ReadonlyArray<PromptTask> = [
  trained(
    {
      name: "coder",
      summary: "the instructions of a model that writes small functions in Python",
      data: { source: "twenty exercises of our own, or JSON lines of yours by --data", licence: "MIT" },
      ours: "0.50, nothing changed (n 7) with the embedded 1.5B"
    },
    (options, sizes) => exercisesOrOwn(options.data, options, sizes)
  ),
  trained(
    {
      name: "humaneval",
      summary: "the instructions of a model that writes functions in Python by their docstrings",
      data: published.humanEval.about
    },
    (options, sizes) => split(options.data ?? published.humanEval.address, HumanEval.read, options, sizes)
  ),
  trained(
    {
      name: "mbpp",
      summary: "the instructions of a model that writes short functions in Python by a sentence",
      data: published.mbpp.about
    },
    (options, sizes) => mbpp(options.data ?? published.mbpp.address, options, sizes)
  )
]
