/**
 * A compound system: an agent of four components and a tool that answers questions over paragraphs, in two hops where one
 * does not do. All of its prompts are optimised together, through the graph of the whole.
 */
import { Component, type Dataset, Loss, Task } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Hotpot } from "../format/Hotpot.ts"
import * as HotpotQa from "../format/HotpotQa.ts"
import * as Published from "../prompting/Published.ts"
import type { DataOptions, PromptTask } from "../ready/ReadyTask.ts"
import type { Sizes } from "../shuffle/Sizes.ts"
import { because } from "../source/SourceUnavailable.ts"
import { answer } from "./Answer.ts"
import { checkAnswer, checkSearch, type Measure } from "./checks.ts"
import * as Encyclopaedia from "./Encyclopaedia.ts"
import * as Inquiry from "./Inquiry.ts"
import { type Outcome, searchCheck } from "./Outcome.ts"
import { read } from "./Read.ts"
import { reason } from "./Reason.ts"
import { retrieve } from "./Retrieve.ts"
import { lexical, type Search } from "./Search.ts"

export interface Options {
  readonly name: string
  readonly search: Search
  readonly measure: Measure
  /**
   * How much the verdict on the search counts beside that on the answer, in what is differentiated: then the feedback on the
   * queries has evidence of its own. The score is the answer's alone. 0: not judged.
   */
  readonly searchWeight: number
}

/** Two paragraphs a search, as many as a question needs, so that it takes two good queries or one lucky one. */
export const defaults: Options = { name: "hotpot-agent", search: lexical(2), measure: "f1", searchWeight: 0.5 }

/** The pipeline: `retrieve` and `read` come twice and share their prompts; the second time is left out where nothing is missing. */
export const pipeline = (search: Search) => {
  const searches = retrieve(search)
  return searches.pipe(
    Component.andThen(read),
    Component.andThen(searches),
    Component.andThen(read),
    Component.andThen(reason),
    Component.andThen(answer)
  )
}

/** Questions over paragraphs as a task of the agent. A search that breaks fails its example with `SearchFailed`. */
export const task = (split: Dataset.Split<Hotpot>, options: Partial<Options> = {}) => {
  const { measure, name, search, searchWeight } = { ...defaults, ...options }
  const agent = pipeline(search)
  return Task.make({
    name,
    parameters: Component.parameters(agent),
    forward: (p, { paragraphs, question }: Hotpot) => agent.forward(p, Inquiry.begin(question, paragraphs)),
    metric: (outcome: Outcome, example: Hotpot) => checkAnswer(outcome, example, measure),
    loss: Effect.fnUntraced(function* (outcome: Inquiry.Made<Outcome>, example: Hotpot) {
      const answered = yield* Loss.verifier(
        (value: Outcome) => checkAnswer(value, example, measure),
        "check of the answer"
      )(outcome)
      const found = checkSearch(outcome.value, example)
      if (found === undefined || searchWeight === 0) return answered
      const searched = yield* Loss.verifier((_: Outcome) => found, searchCheck)(outcome)
      return Loss.weighted([
        [1, answered],
        [searchWeight, searched]
      ])
    }),
    ...split
  })
}

const over = (data: string, sizes: Sizes, { order, seed, name }: Omit<DataOptions, "data"> & Pick<Options, "name">) =>
  Effect.map(Published.split(data, HotpotQa.read, { sizes, seed, order }), (rows) => task(rows, { name }))

/** Over the encyclopaedia of an invented world; over rows of HotpotQA where `data` names some. */
export const make: PromptTask["make"] = (sizes, { data, ...options }) => {
  if (data !== undefined) return over(data, sizes, { ...options, name: defaults.name })
  const { test, train, validation } = sizes
  return Effect.map(Encyclopaedia.generate(train + validation + test, options.seed), (rows) =>
    task(Published.inTurn(rows, sizes))
  )
}

/** The same agent over the published rows, which the user has to have: they are offered without TLS, and so not fetched. */
export const hotpotqa: PromptTask["make"] = (sizes, { data, ...options }) =>
  data === undefined
    ? Effect.fail(
        because(
          "hotpotqa",
          "it is published over plain http, which is not fetched",
          "Get hotpot_dev_distractor_v1.json, and name it by --data"
        )
      )
    : over(data, sizes, { ...options, name: "hotpotqa" })
