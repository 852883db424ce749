/** Prompt optimisation: ticket triage, and the tasks of the paper on puzzles of our own or on the published sets. */
import * as Effect from "effect/Effect"
import * as Prompting from "../prompting/Prompting.ts"
import * as Protocol from "../prompting/Protocol.ts"
import * as Triage from "../triage/Triage.ts"
import * as generated from "./generated.ts"
import * as published from "./published.ts"
import type { About, PromptTask } from "./ReadyTask.ts"

const triage: PromptTask = {
  kind: "prompt",
  name: "triage",
  application: "prompt optimisation",
  summary: "put support tickets under a house's own codes, which the first instruction does not name",
  data: generated.own,
  metric: "exact code",
  ours: "0.00 → 0.58 (0.46–0.70, n 60) with the embedded 1.5B",
  defaults: { sizes: { train: 48, validation: 36, test: 60 }, steps: 4, batchSize: 8 },
  make: (sizes, { data, seed }) =>
    data === undefined ? Triage.make(sizes, seed) : Effect.fail(generated.readsNothing("triage", data))
}

/** `--data published` takes the set as it is published, at the address known here. */
const puzzle = (
  about: Omit<About, "application" | "data">,
  from: published.Published,
  make: PromptTask["make"]
): PromptTask => ({
  ...about,
  kind: "prompt",
  application: "prompt optimisation",
  isTextGrads: true,
  paperSizes: Protocol.bbh,
  data: from.about,
  defaults: { sizes: { train: 16, validation: 8, test: 12 }, steps: 2, batchSize: 4 },
  make: (sizes, { data, ...options }) => make(sizes, { ...options, data: data === "published" ? from.address : data })
})

const counting: PromptTask = {
  ...puzzle(
    {
      name: "object-counting",
      summary: "count the things of one kind in a list of many",
      metric: "exact number",
      paper: "77.8 → 91.9 (gpt-3.5-turbo by gpt-4o)",
      ours: "0.06 → 0.06 (0.01–0.28, n 16) with the embedded 1.5B, own questions; no optimizer helped in three seeds (n 18)"
    },
    published.objectCounting,
    Prompting.objectCounting
  ),
  defaults: { sizes: { train: 24, validation: 10, test: 16 }, steps: 3, batchSize: 4 }
}

export const puzzles: ReadonlyArray<PromptTask> = [
  triage,
  counting,
  puzzle(
    {
      name: "word-sorting",
      summary: "put words in alphabetical order",
      metric: "exact list",
      paper: "76.7 → 79.8 (gpt-3.5-turbo by gpt-4o, scored by a judge)",
      ours: "0.00 → 0.00 (n 8) with the embedded 1.5B, own puzzles"
    },
    published.wordSorting,
    Prompting.wordSorting
  ),
  puzzle(
    {
      name: "date-understanding",
      summary: "find the date that follows from what is told, among options",
      metric: "right letter",
      ours: "0.00, nothing changed (n 6) with the embedded 1.5B, own puzzles"
    },
    published.dateUnderstanding,
    Prompting.dateUnderstanding
  ),
  puzzle(
    {
      name: "tracking",
      summary: "follow who has what through a series of swaps",
      metric: "right letter",
      ours: "0.38 → 0.38 (n 8) with the embedded 1.5B, own puzzles"
    },
    published.trackingFive,
    Prompting.tracking
  ),
  puzzle(
    {
      name: "arithmetic",
      summary: "work out sums and products in brackets",
      metric: "exact number",
      ours: "0.38 → 0.00 (n 8) with the embedded 1.5B, own puzzles"
    },
    published.arithmetic,
    Prompting.arithmetic
  ),
  puzzle(
    {
      name: "boolean",
      summary: "work out whether an expression of not, and, or is true",
      metric: "True or False",
      ours: "0.63, nothing changed (n 8) with the embedded 1.5B, own puzzles"
    },
    published.booleanExpressions,
    Prompting.boolean
  ),
  {
    kind: "prompt",
    name: "gsm8k",
    application: "prompt optimisation",
    isTextGrads: true,
    paperSizes: Protocol.gsm8k,
    summary: "solve grade-school word problems",
    data: published.gsm8k.about,
    metric: "exact number",
    paper: "72.9 → 81.1 (gpt-3.5-turbo by gpt-4o)",
    defaults: { sizes: { train: 50, validation: 50, test: 100 }, steps: 12, batchSize: 3 },
    make: Prompting.gsm8k
  }
]
