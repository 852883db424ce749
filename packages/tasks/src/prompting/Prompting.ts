/**
 * The tasks of the paper's prompt optimisation, ready to run: on puzzles of our own, or on the published sets where `data`
 * names them.
 */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Counting from "../counting/Counting.ts"
import * as Inventories from "../counting/Inventories.ts"
import * as Bbh from "../format/Bbh.ts"
import * as Gsm8kFormat from "../format/Gsm8k.ts"
import { gsm8k as published } from "../ready/published.ts"
import type { AnyTask, MakeOptions, PromptTask } from "../ready/ReadyTask.ts"
import * as DspySplit from "../shuffle/DspySplit.ts"
import type { Sizes } from "../shuffle/Sizes.ts"
import * as Source from "../source/Source.ts"
import * as SplitFile from "../source/SplitFile.ts"
import { Arithmetic } from "./Arithmetic.ts"
import { BooleanExpressions } from "./BooleanExpressions.ts"
import * as Calendars from "./Calendars.ts"
import { DateUnderstanding } from "./DateUnderstanding.ts"
import { Gsm8k } from "./Gsm8k.ts"
import { ObjectCounting } from "./ObjectCounting.ts"
import * as Propositions from "./Propositions.ts"
import * as Protocol from "./Protocol.ts"
import * as Published from "./Published.ts"
import { type Puzzle, type Subject, task } from "./Subject.ts"
import * as Sums from "./Sums.ts"
import * as Swaps from "./Swaps.ts"
import * as TextGradMode from "./TextGradMode.ts"
import { Tracking } from "./Tracking.ts"
import * as WordLists from "./WordLists.ts"
import { WordSorting } from "./WordSorting.ts"

type Make = PromptTask["make"]
type Generate = (n: number, seed: number) => Effect.Effect<ReadonlyArray<Puzzle>>

/** Puzzles of our own, in sets of the sizes asked for. */
const own = (generate: Generate, sizes: Sizes, seed: number) =>
  Effect.map(generate(sizes.train + sizes.validation + sizes.test, seed), (puzzles) => Published.inTurn(puzzles, sizes))

/** Puzzles as a task, replies and scores ours or TextGrad's. */
const scored = <A>(subject: Subject<A>, split: Dataset.Split<Puzzle>, scoring: MakeOptions["scoring"]): AnyTask =>
  scoring === "textgrad" ? TextGradMode.task(subject, split) : task(subject, split)

/** Rows of BIG-Bench Hard where `data` names some, else puzzles of our own from a generator. */
const puzzles =
  <A>(subject: Subject<A>, generate: Generate): Make =>
  (sizes, { data, order, scoring, seed }) =>
    Effect.map(
      data === undefined
        ? own(generate, sizes, seed)
        : Published.split(data, Bbh.read, { sizes, seed, order, textgrad: Protocol.bbh }),
      (split) => scored(subject, split, scoring)
    )

const counting = puzzles(ObjectCounting, (n, seed) =>
  Effect.map(Inventories.generate(n, seed), (all) =>
    all.map(({ answer, question }, i) => ({ id: `${i}`, question, answer: `${answer}` }))
  )
)

/** How many things of one kind a list holds. Of our own questions it is known which things count, and the feedback says so. */
export const objectCounting: Make = (sizes, options) =>
  options.data === undefined && options.scoring !== "textgrad"
    ? Counting.make(sizes, options.seed)
    : counting(sizes, options)
/** Words in alphabetical order. */
export const wordSorting = puzzles(WordSorting, WordLists.generate)
/** The date that follows from what is told. */
export const dateUnderstanding = puzzles(DateUnderstanding, Calendars.generate)
/** Who has what after some swaps. */
export const tracking = puzzles(Tracking, Swaps.generate)
/** Sums and products in brackets. */
export const arithmetic = puzzles(Arithmetic, Sums.generate)
/** Whether an expression is true. */
export const boolean = puzzles(BooleanExpressions, Propositions.generate)

/** The published training and test files, cut as DSPy does. From a folder, or from where they are published. */
const dspy = Effect.fnUntraced(function* (data: string | undefined, sizes: Sizes) {
  const read = (split: "test" | "train") => Source.read(data ?? published[split], { split }, Gsm8kFormat.read)
  const all = DspySplit.split({ train: yield* read("train"), test: yield* read("test") })
  const short = (["train", "validation", "test"] as const).find((name) => all[name].length < sizes[name])
  if (short !== undefined) {
    const problem = `DSPy's split has ${all[short].length} rows for ${short}, and ${sizes[short]} are asked for`
    return yield* new Dataset.DatasetError({ file: data ?? published.train, line: 0, field: "", problem })
  }
  const split: Dataset.Split<Puzzle> = {
    train: all.train.slice(0, sizes.train),
    validation: all.validation.slice(0, sizes.validation),
    test: all.test.slice(0, sizes.test)
  }
  return split
})

/** Whether `data` is the set as it is published: a folder with a training and a test file, and none to validate. */
const isPublished = Effect.fnUntraced(function* (data: string) {
  const fs = yield* FileSystem
  const files = yield* Effect.orElseSucceed(fs.readDirectory(data), () => [])
  return files.length > 0 && Result.isFailure(SplitFile.find(files, "validation"))
})

/** GSM8K with DSPy's split; another file or folder of the same format is cut as any other set. */
export const gsm8k: Make = Effect.fnUntraced(function* (sizes: Sizes, { data, order, scoring, seed }: MakeOptions) {
  const split =
    data === undefined || (yield* isPublished(data))
      ? yield* dspy(data, sizes)
      : yield* Published.split(data, Gsm8kFormat.read, { sizes, seed, order })
  return scored(Gsm8k, split, scoring)
})
