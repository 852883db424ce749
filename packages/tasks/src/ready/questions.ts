/** Question answering: the data sets of the paper, and problems of our own that need no data. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Answering from "../answering/Answering.ts"
import * as Form from "../answering/Form.ts"
import * as Gpqa from "../format/Gpqa.ts"
import * as Gsm8k from "../format/Gsm8k.ts"
import * as HotpotQa from "../format/HotpotQa.ts"
import * as Mmlu from "../format/Mmlu.ts"
import type { Reader } from "../format/Reader.ts"
import * as Order from "../shuffle/Order.ts"
import * as Source from "../source/Source.ts"
import { because } from "../source/SourceUnavailable.ts"
import * as generated from "./generated.ts"
import * as published from "./published.ts"
import type { About, DataOptions, SolutionTask } from "./ReadyTask.ts"

interface Questions<Row> {
  readonly about: Omit<About, "application">
  /** Where rows come from when nothing else is said; or what a person has to do for them. */
  readonly from: { readonly address: string } | { readonly missing: string }
  readonly reader: (options: DataOptions) => Reader<Row>
  readonly form: Form.Form<Row>
  /** How TextGrad reads and scores them, where it has the task. */
  readonly textgrad?: Form.Form<Row>
  readonly isConfidential?: boolean
}

/** Each question once: MMLU's college physics has some of its rows twice, and equal rows are not independent. */
const distinct = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const known = new Set<string>()
  return rows.filter((row) => known.size < known.add(JSON.stringify({ ...row, id: "" })).size)
}

const task = <Row extends { readonly id: string }>({
  about,
  form,
  from,
  isConfidential = false,
  reader,
  textgrad
}: Questions<Row>): SolutionTask => ({
  ...about,
  kind: "solution",
  application: "question answering",
  isConfidential,
  isTextGrads: textgrad !== undefined,
  defaults: { limit: 20, updates: 3 },
  make: Effect.fnUntraced(function* ({ data, limit, order, reasoning, scoring, seed, updates }) {
    const given = data ?? ("address" in from ? from.address : undefined)
    if (given === undefined) return yield* because(about.name, "missing" in from ? from.missing : "")
    const rows = yield* Source.read(given, { split: "test", ownOnly: isConfidential }, reader({ seed, order }))
    // TextGrad takes the rows as they are
    const examples = order === "textgrad" ? rows.slice(0, limit) : yield* Dataset.sample(distinct(rows), limit, seed)
    const asked = { name: about.name, examples, updates }
    if (scoring === "textgrad" && textgrad !== undefined) {
      return Answering.study({ ...asked, form: textgrad, replies: "last line" })
    }
    return Answering.study({ ...asked, form, ...(reasoning === undefined ? {} : { reasoning }) })
  })
})

const wordProblems: SolutionTask = {
  kind: "solution",
  name: "word-problems",
  application: "question answering",
  summary: "solve a word problem of a few steps, with numbers in it that do not matter",
  data: generated.own,
  metric: "exact number",
  ours: "self-critique 3 → 4 of 6, as many calls of self-consistency 2, with the embedded 1.5B",
  defaults: { limit: 10, updates: 2 },
  make: ({ data, limit, reasoning, seed, updates }) =>
    data === undefined
      ? Answering.wordProblems({ limit, seed, updates, ...(reasoning === undefined ? {} : { reasoning }) })
      : Effect.fail(generated.readsNothing("word-problems", data))
}

export const questions: ReadonlyArray<SolutionTask> = [
  wordProblems,
  task({
    about: {
      name: "gpqa",
      summary: "multiple-choice questions in biology, physics and chemistry that a search does not answer",
      data: {
        source: "GPQA diamond: a CSV file of your own by --data, read in place",
        licence: "CC BY 4.0, not to be copied"
      },
      metric: "right letter",
      paper: "51.0 → 55.0 (gpt-4o, 3 updates, vote of 4)"
    },
    from: {
      missing:
        "its authors ask that its questions are not copied: get gpqa_diamond.csv from them, and name it by --data"
    },
    reader: ({ order, seed }) => Gpqa.read(order === "textgrad" ? Order.textgrad : Order.sound(seed)),
    form: Form.choice,
    textgrad: Form.textgradChoice,
    isConfidential: true
  }),
  task({
    about: {
      name: "mmlu-machine-learning",
      summary: "multiple-choice questions on machine learning",
      data: published.machineLearning.about,
      metric: "right letter",
      paper: "85.7 → 88.4 (gpt-4o, 3 updates, vote of 4)"
    },
    from: published.machineLearning,
    reader: () => Mmlu.read,
    form: Form.choice,
    textgrad: Form.textgradChoice
  }),
  task({
    about: {
      name: "mmlu-college-physics",
      summary: "multiple-choice questions on physics",
      data: published.collegePhysics.about,
      metric: "right letter",
      paper: "91.2 → 95.1 (gpt-4o, 3 updates, vote of 4)"
    },
    from: published.collegePhysics,
    reader: () => Mmlu.read,
    form: Form.choice,
    textgrad: Form.textgradChoice
  }),
  task({
    about: {
      name: "gsm8k",
      summary: "grade-school word problems, answered one by one",
      data: published.gsm8k.about,
      metric: "exact number"
    },
    from: { address: published.gsm8k.test },
    reader: () => Gsm8k.read,
    form: Form.number
  }),
  task({
    about: {
      name: "hotpotqa",
      summary: "questions over ten paragraphs, of which two matter",
      data: { source: "HotpotQA with its paragraphs: the published JSON by --data", licence: "CC BY-SA 4.0" },
      metric: "words in common with the right answer (F1)"
    },
    from: {
      missing:
        "it is published over plain http, which is not fetched: get hotpot_dev_distractor_v1.json, and name it by --data"
    },
    reader: () => HotpotQa.read,
    form: Form.hotpot
  })
]
