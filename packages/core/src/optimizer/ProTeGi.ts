/**
 * Many different edits of one text from one minibatch: each answers another few pieces of the criticism, and each comes
 * again in other words. (Automatic Prompt Optimization with "Gradient Descent" and Beam Search, ProTeGi, arXiv 2305.03495.)
 *
 * Made for `Beam`, several `proposals` a step, and `screen`, which is the paper's bandit. With one proposal a step it is
 * textual gradient descent on a part of the criticism.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as GradientMap from "../autograd/GradientMap.ts"
import { within } from "../model/Place.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import { ParaphrasePrompt } from "../prompts/Paraphrase.ts"
import * as NewValue from "./NewValue.ts"
import { Optimizer, type Proposal, type ProposalRequest } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

export interface Options extends TextualGradientDescent.Options {
  /** How many pieces of criticism one edit answers. */
  readonly group: number
  /** How often each edit comes again in other words: of 1 + so many proposals in a row, the first is the edit itself. */
  readonly paraphrases: number
}

const defaults = { group: 2, paraphrases: 1 } satisfies Partial<Options>

/**
 * The layer. Sample 0 is an edit, sample 1 its paraphrase, sample 2 another edit, and so on. A paraphrase waits for the edit
 * that is proposed beside it, and asks for nothing but the other words. Where there is none (outside of a loop, or where
 * the edit is of other parameters) it asks for an edit of its own first.
 */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> => {
  const { group, paraphrases, ...editing } = { ...defaults, ...options }
  const each = 1 + Math.max(0, Math.trunc(paraphrases))
  return Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const editor = yield* Optimizer
      const edit = Effect.fnUntraced(function* (request: ProposalRequest) {
        const sample = Math.floor(request.sample / each)
        const gradients = yield* part(request, sample, Math.max(1, Math.trunc(group)))
        return yield* editor.propose({ ...request, gradients, sample })
      })
      return Optimizer.of({
        asks: ({ parameters, sample }) => ({
          backward: 0,
          optimizer: sample % each === 0 ? parameters : 2 * parameters
        }),
        propose: Effect.fnUntraced(function* (request) {
          const round = request.sample % each
          const sibling =
            round === 0 ? undefined : yield* request.siblings?.[request.sample - round] ?? Effect.undefined
          const edited = sibling !== undefined && covers(sibling, request) ? sibling : yield* edit(request)
          if (round === 0) return edited
          const render = yield* ParaphrasePrompt
          const texts = request.entries.filter((entry) => NewValue.isText(entry) && edited.values.has(entry.name))
          const said = yield* Effect.forEach(
            texts,
            (entry) => {
              const text = String(edited.values.get(entry.name))
              const variable = { ...entry.variable, value: text }
              const { role } = entry.variable
              const prompt = render({ role, value: text, constraints: entry.origin.constraints })
              return NewValue.ask(model, {
                entry: { ...entry, variable },
                request,
                prompt,
                sampling: editing.sampling ?? {}
              })
            },
            { concurrency: "unbounded" }
          ).pipe(within("in other words"))
          return {
            ...edited,
            values: new Map([...edited.values, ...said.map(({ name, value }) => [name, value] as const)])
          }
        })
      })
    })
  ).pipe(Layer.provide(TextualGradientDescent.layer(editing)))
}

/** Whether a proposal is about the parameters that are asked for. */
const covers = ({ values }: Proposal, { entries }: ProposalRequest): boolean =>
  values.size === entries.length && entries.every(({ name }) => values.has(name))

/** The criticism that edit number `edit` answers: of each parameter another group, drawn anew when all have had their turn. */
const part = Effect.fnUntraced(function* (
  { entries, gradients, parent, seed, step }: ProposalRequest,
  edit: number,
  size: number
) {
  const parts = yield* Effect.forEach(entries, ({ name, variable }) => {
    const criticism = GradientMap.criticism(gradients, variable)
    const groups = Math.max(1, Math.ceil(criticism.length / size))
    const draw = Random.withSeed(
      Random.shuffle(criticism.keys()),
      `${seed}/groups/${step}/${parent.id}/${name}/${Math.floor(edit / groups)}`
    )
    return Effect.map(draw, (order) => {
      const first = (edit % groups) * size
      const chosen = order.slice(first, first + size).sort((a, b) => a - b)
      return [variable, chosen.map((i) => criticism[i]!)] as const
    })
  })
  return GradientMap.make(new Map(parts))
})
