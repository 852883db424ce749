/**
 * Textual gradient descent: for each parameter, the editor reads the value, all criticism of it, and earlier versions with
 * their scores, and writes the next value. (TextGrad, arXiv 2406.07496, section 3.3.)
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { digest } from "../autograd/Digest.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import { within } from "../model/Place.ts"
import type { Sampling } from "../model/Request.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import { ProposePrompt } from "../prompts/Propose.ts"
import * as NewValue from "./NewValue.ts"
import { type Earlier, Optimizer, OptimizerError, type ProposalRequest } from "./Optimizer.ts"
import { distinct, scoreInUse } from "./tried.ts"

export interface Options {
  /** Wishes in words that hold for every parameter, beside the parameter's own. */
  readonly constraints: ReadonlyArray<string>
  /** Texts the new values should be modelled on. */
  readonly examples: ReadonlyArray<string>
  /** How many earlier versions the editor is shown; more where `Momentum` remembers more. */
  readonly earlier: number
  /** How many of them at most are versions that were tried and not kept: the latest. More where they were drawn. */
  readonly failed: number
  /** Whether the editor is to go on gradually from what earlier versions show. See `Revolve`. */
  readonly gradual: boolean
  /**
   * How the editor writes a new text. `whole`: all of it. `edits`: pieces as they stand and what takes their place, for texts
   * that are long beside a change (code, plans); an edit that does not fit the text is sent back once, then refused.
   */
  readonly reply: "whole" | "edits"
  readonly sampling: Sampling
}

const defaults: Options = {
  constraints: [],
  examples: [],
  earlier: 3,
  failed: 2,
  gradual: false,
  reply: "whole",
  sampling: {}
}

/** The layer. Parameters are edited at once; one that cannot be edited fails the step, and none changes. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const settings = { ...defaults, ...options }
      const edit = Effect.fnUntraced(function* (entry: Parameters.Entry, request: ProposalRequest) {
        const { name, origin, variable } = entry
        const render = yield* ProposePrompt
        const asEdits = settings.reply === "edits" && NewValue.isText(entry)
        // parameters are edited at once, and two of them may be equal
        const short = (said: ReadonlyArray<Feedback.Criticism>) =>
          Effect.mapError(
            within(name)(digest(model, "optimizer", said, variable.role)),
            (reason) => new OptimizerError({ parameter: name, reason })
          )
        const feedback = yield* short(GradientMap.criticism(request.gradients, variable))
        const earlier = yield* Effect.forEach(
          worthShowing(request.earlier.get(name) ?? [], variable.value, {
            failed: Math.max(settings.failed, request.failed ?? 0),
            most: Math.max(settings.earlier, request.versions ?? 0)
          }),
          Effect.fnUntraced(function* (version) {
            const said = yield* short(version.feedback.map((text) => Feedback.make(text, { from: variable.role })))
            const value = NewValue.shown(entry, version.value)
            const score = version.value === variable.value ? scoreInUse(request, entry) : version.score
            return { ...version, value, score, feedback: said.map(({ text }) => text) }
          })
        )
        const prompt = render({
          role: variable.role,
          value: NewValue.shown(entry, variable.value),
          isText: NewValue.isText(entry),
          feedback,
          constraints: [...origin.constraints, ...settings.constraints],
          examples: settings.examples,
          earlier,
          gradual: settings.gradual,
          asEdits
        })
        return yield* NewValue.ask(model, { entry, request, prompt, asEdits, sampling: settings.sampling })
      })
      return Optimizer.of({
        propose: (request) =>
          Effect.map(
            Effect.forEach(request.entries, (entry) => edit(entry, request), { concurrency: "unbounded" }),
            NewValue.proposal
          )
      })
    })
  )

/** The last of the versions, each once. */
const worthShowing = (
  versions: ReadonlyArray<Earlier>,
  current: unknown,
  { failed, most }: { readonly failed: number; readonly most: number }
): ReadonlyArray<Earlier> => {
  // the value itself stands above: among the earlier ones it is worth its place only with what is known of it
  const all = distinct(versions).filter(
    ({ feedback, score, value }) => value !== current || score !== undefined || feedback.length > 0
  )
  const failures = all.filter(({ rejected }) => rejected !== undefined)
  const tooMany = new Set(failures.slice(0, Math.max(0, failures.length - failed)))
  const shown = all.filter((version) => !tooMany.has(version))
  return shown.slice(Math.max(0, shown.length - most))
}
