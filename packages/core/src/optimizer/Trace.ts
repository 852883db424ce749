/**
 * No backward pass: the graph of the minibatch is shown as the lines of a program, with all values and with what was said
 * of the results, and one call gives new values for all parameters. Cheap where a pipeline has many model calls, as the
 * critic is asked about none of them; weak where a graph is too long to be read at once. (Trace is the Next AutoDiff:
 * Generative Optimization with Rich Feedback, Execution Traces, and LLMs, OptoPrime, arXiv 2406.16218.)
 *
 * Outside of a loop, where there are no graphs to show, it goes by the criticism that it is given.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { digest } from "../autograd/Digest.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Verdict from "../loss/Verdict.ts"
import type { Sampling } from "../model/Request.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Prompt from "../prompts/Prompt.ts"
import { TracePrompt } from "../prompts/Trace.ts"
import * as Reply from "../reply/Reply.ts"
import * as NewValue from "./NewValue.ts"
import * as Observation from "./Observation.ts"
import { Optimizer, OptimizerError, type Proposal, type ProposalRequest } from "./Optimizer.ts"
import * as program from "./program.ts"
import { failures } from "./tried.ts"

export interface Options extends program.Options {
  /** How many examples with a perfect score are shown, beside all others. */
  readonly right: number
  /** Of each parameter, how many versions at most that were tried and not kept are shown: the latest. */
  readonly failed: number
  /** Wishes in words that hold for every parameter, beside the parameter's own. */
  readonly constraints: ReadonlyArray<string>
  readonly sampling: Sampling
}

const defaults: Options = { valueLength: 2000, lines: 60, right: 1, failed: 2, constraints: [], sampling: {} }

/** The layer. One call a proposal, beside what the forward pass asks for. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const settings = { ...defaults, ...options }
      return Optimizer.of({
        differentiates: false,
        asks: () => ({ backward: 0, optimizer: 1 }),
        propose: Effect.fnUntraced(
          function* (request) {
            const { cases, entries, said } = shownOf(request, settings)
            if (entries.length === 0 || said.length === 0) return nothing
            const render = yield* TracePrompt
            const prompt = render({
              parameters: entries.map((entry) => ({
                name: entry.name,
                role: entry.variable.role,
                value: NewValue.shown(entry, entry.variable.value),
                constraints: entry.origin.constraints,
                failed: failures(request, entry, settings.failed)
              })),
              cases,
              feedback: yield* digest(model, "optimizer", said, "parameters of the program"),
              constraints: settings.constraints,
              areTexts: entries.every(NewValue.isText)
            })
            const question: Reply.Question = {
              purpose: "optimizer",
              sample: request.sample,
              sampling: NewValue.samplingOf(request, settings.sampling),
              messages: Prompt.messages(prompt)
            }
            const [only] = entries
            const { reasoning, value } = yield* Reply.shaped(model, question, {
              schema: replyOf(entries),
              name: "proposal",
              refuse: ({ value }) => problem(entries, value, prompt),
              ...(entries.length === 1 && NewValue.isText(only!)
                ? { ofText: (text: string) => ({ reasoning: "", value: { [only!.name]: text } }) }
                : {})
            })
            const proposal: Proposal = {
              values: new Map(entries.map(({ name, variable }) => [name, value[name] ?? variable.value])),
              reasons: new Map(entries.map(({ name }) => [name, reasoning]))
            }
            return proposal
          },
          (effect, { entries }) =>
            Effect.mapError(
              effect,
              (reason) => new OptimizerError({ parameter: entries.map(({ name }) => name).join(", "), reason })
            )
        )
      })
    })
  )

const nothing: Proposal = { values: new Map(), reasons: new Map() }

/** What there is to show: of the minibatch or, without one, of the criticism. */
const shownOf = ({ entries, evidence, gradients }: ProposalRequest, settings: Options) => {
  if (evidence.length === 0) {
    const criticised = entries.filter(({ variable }) => GradientMap.criticism(gradients, variable).length > 0)
    const said = criticised.flatMap(({ name, variable }) =>
      GradientMap.criticism(gradients, variable).map((one) => ({ ...one, from: `${name}: ${one.from}` }))
    )
    return { entries: criticised, cases: [], said }
  }
  const right = new Set(evidence.filter(Observation.isRight).slice(0, settings.right))
  const shown = evidence.filter((one) => !Observation.isRight(one) || right.has(one))
  const programs = shown.map(({ loss }) => program.of(loss, settings))
  const said = shown.flatMap((one, i) => {
    const from = `result ${programs[i]!.results.join(", ")} of case ${i + 1}`
    const words = Verdict.words({ feedback: Observation.said(one), score: one.score })
    return Observation.isRight(one) ? [] : [Feedback.make(words, { from, score: one.score })]
  })
  return { entries, cases: programs, said }
}

interface Said {
  readonly reasoning: string
  readonly value: { readonly [name: string]: unknown }
}

const replyOf = (entries: ReadonlyArray<Parameters.Entry>): Schema.Codec<Said, unknown> =>
  Schema.Struct({
    reasoning: Schema.String,
    value: Schema.Struct(Object.fromEntries(entries.map(({ name, origin }) => [name, Schema.NullOr(origin.schema)])))
  })

const problem = (
  entries: ReadonlyArray<Parameters.Entry>,
  value: Said["value"],
  prompt: Prompt.Prompt
): string | undefined => {
  for (const entry of entries) {
    const proposed = value[entry.name]
    if (proposed === null || proposed === undefined) continue
    const found = NewValue.problem(entry, proposed, prompt)
    if (found !== undefined) return `"${entry.name}": ${found}`
  }
  return undefined
}
