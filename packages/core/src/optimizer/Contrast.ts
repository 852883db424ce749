/**
 * Learning from what was not better: the version that is kept is compared with the last one that was tried in vain, and
 * the reason why it is better, in words, goes to the optimizer underneath as criticism beside that of the minibatch.
 * Reasons add up as long as the version is kept; a version that wins begins without any. (Feedback Descent: Open-Ended
 * Text Optimization via Pairwise Comparison, arXiv 2511.07919.)
 *
 * The paper has nothing but these comparisons, made by whoever judges both artefacts; here they come on top of the
 * gradients, and are made by the critic from both texts, their scores and what was said of the one that is kept.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import { digest } from "../autograd/Digest.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import { within } from "../model/Place.ts"
import { BackwardModel } from "../model/TextModel.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import { ContrastPrompt } from "../prompts/Contrast.ts"
import * as Prompt from "../prompts/Prompt.ts"
import * as Reply from "../reply/Reply.ts"
import * as NewValue from "./NewValue.ts"
import { asks, type Earlier, Optimizer, OptimizerError, type ProposalRequest } from "./Optimizer.ts"
import { scoreInUse } from "./tried.ts"

export interface Options {
  /** How many reasons at most go to the optimizer, the latest. */
  readonly reasons: number
}

const defaults: Options = { reasons: 6 }

/** Why `kept` is better than `tried`, found out in a step, for one of its proposals. */
interface Reason {
  readonly name: string
  readonly kept: unknown
  readonly tried: unknown
  readonly text: string
  readonly step: number
  readonly parent: number
  readonly sample: number
}

/** A layer over any optimizer that reads criticism: `Contrast.layer().pipe(Layer.provide(TextualGradientDescent.layer()))`. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, Optimizer | BackwardModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const { reasons } = { ...defaults, ...options }
      const inner = yield* Optimizer
      // whoever reads no criticism would not read the reasons
      if (inner.differentiates === false) return inner
      const model = yield* BackwardModel
      const memory = yield* Ref.make<ReadonlyArray<Reason>>([])

      const compare = Effect.fnUntraced(
        function* (entry: Parameters.Entry, tried: Earlier, request: ProposalRequest) {
          const { variable } = entry
          const render = yield* ContrastPrompt
          const said = GradientMap.criticism(request.gradients, variable)
          const prompt = render({
            role: variable.role,
            kept: NewValue.shown(entry, variable.value),
            keptScore: scoreInUse(request, entry),
            feedback: yield* digest(model, "backward", said, variable.role),
            tried: NewValue.shown(entry, tried.value),
            triedScore: tried.score,
            reason: tried.rejected ?? ""
          })
          const question = { purpose: "backward", sample: request.sample, messages: Prompt.messages(prompt) } as const
          return yield* Effect.catchTag(Reply.text(model, question), "EmptyReply", () => Effect.succeed(""))
        },
        (effect, { name }) => Effect.mapError(effect, (reason) => new OptimizerError({ parameter: name, reason })),
        (effect, { name }) => within(`comparison of ${name}`)(effect)
      )

      return Optimizer.of({
        ...inner,
        asks: (of) => {
          const under = asks(inner, of)
          return { ...under, backward: under.backward + of.parameters }
        },
        propose: Effect.fnUntraced(function* (request) {
          const known = (yield* Ref.get(memory)).filter((reason) => !isBeside(reason, request))
          const found = yield* Effect.forEach(
            request.entries,
            Effect.fnUntraced(function* (entry) {
              const { name, variable } = entry
              const before = known.filter((reason) => reason.name === name && reason.kept === variable.value)
              const tried = lastFailure(request.earlier.get(name) ?? [], variable.value)
              if (tried === undefined || before.some((reason) => reason.tried === tried.value)) {
                return { variable, before, fresh: [] }
              }
              const text = (yield* compare(entry, tried, request)).trim()
              const fresh: Reason = {
                name,
                kept: variable.value,
                tried: tried.value,
                text,
                step: request.step,
                parent: request.parent.id,
                sample: request.sample
              }
              return { variable, before, fresh: [fresh] }
            }),
            { concurrency: "unbounded" }
          )
          const given = found.map(({ before, fresh, variable }) => {
            const texts = [...before, ...fresh].map(({ text }) => text).filter((text) => text !== "")
            const from = "comparison with a version that was not kept"
            return [variable, texts.slice(-reasons).map((text) => Feedback.make(text, { from }))] as const
          })
          const proposal = yield* inner.propose({
            ...request,
            gradients: GradientMap.combine(request.gradients, GradientMap.make(new Map(given)))
          })
          // a step that failed has not been
          yield* Ref.update(memory, (all) => inOrder([...all, ...found.flatMap(({ fresh }) => fresh)]))
          return proposal
        })
      })
    })
  )

/** Proposals of one step are made at once, in any order: what another of them found out is not known yet. */
const isBeside = (reason: Reason, { parent, sample, step }: ProposalRequest): boolean =>
  reason.step === step && (reason.parent !== parent.id || reason.sample !== sample)

const inOrder = (reasons: ReadonlyArray<Reason>): ReadonlyArray<Reason> =>
  reasons.toSorted((a, b) => a.step - b.step || a.parent - b.parent || a.sample - b.sample)

/** The latest version that was tried in vain beside what is kept: since that won, and not before. */
const lastFailure = (versions: ReadonlyArray<Earlier>, kept: unknown): Earlier | undefined =>
  versions
    .slice(versions.findLastIndex(({ rejected, value }) => rejected === undefined && value === kept) + 1)
    .findLast(({ rejected, value }) => rejected !== undefined && value !== kept)
