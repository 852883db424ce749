/**
 * One call for any text that can be tried: a program, a configuration, a picture in code, a plan. The text itself is what
 * is optimised; the only model calls are those that write it, and those that the evaluation makes. (After
 * `optimize_anything` of GEPA, arXiv 2507.19457.)
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { within } from "../model/Place.ts"
import { type BackwardModel, OptimizerModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import type { Optimizer } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import { ArtefactPrompt } from "../prompts/Artefact.ts"
import { DraftPrompt } from "../prompts/Draft.ts"
import * as Prompt from "../prompts/Prompt.ts"
import { ProposePrompt } from "../prompts/Propose.ts"
import * as Reply from "../reply/Reply.ts"
import * as Pareto from "../selector/Pareto.ts"
import type { Selector } from "../selector/Selector.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import { artefactTask, type Evaluate } from "./artefactTask.ts"
import type { Event, StopReason } from "./Event.ts"
import * as Trainer from "./Trainer.ts"
import { after, bestByExample, type Version } from "./versions.ts"

/** What to make, how it is tried, and on what. */
export interface Options<Ex, E, R, RO> {
  /** What it should be good at, in words: whoever writes versions reads it. */
  readonly objective: string
  /** What it is, in words: "pattern for order numbers". Default "artefact". */
  readonly role?: string
  /** The first version. Without it, one is written from the objective. */
  readonly seed?: string
  /**
   * Tries a version: a score from 0 to 1, and in words what was found, for whoever writes the next. What it throws is a
   * version that is broken: a score of 0, with the error as feedback. An Effect that fails is a trial that could not be made.
   */
  readonly evaluate: Evaluate<Ex, E, R>
  /** What it is tried on. None: it is tried alone. */
  readonly examples?: ReadonlyArray<Ex>
  /** What versions are compared on, where it has to do well on more than the examples. Default: the examples. */
  readonly validation?: ReadonlyArray<Ex>
  /** An example in words, to stand before what was found on it. Without it, whatever `evaluate` says has to be enough. */
  readonly describe?: (example: Ex) => string
  /** Whether a trial comes out the same each time, so that one is enough. Default true. */
  readonly repeatable?: boolean
  readonly constraints?: ReadonlyArray<string>
  /** In characters. */
  readonly maxLength?: number
  /** How long, how many proposals, and so on; see `Trainer`. */
  readonly training?: Partial<Trainer.Options>
  /** Default: textual gradient descent. */
  readonly optimizer?: Layer.Layer<Optimizer, never, RO>
  /** Default: with several to compare on, a Pareto front; else the best. */
  readonly selector?: Layer.Layer<Selector>
  /** Told of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => Effect.Effect<void>
}

/** What was found: the best version, and how it came about. */
export interface Found {
  readonly value: string
  /** Its mean on what versions were compared on; `undefined` where it could not be tried. */
  readonly score: number | undefined
  /** All versions, oldest first, with their scores and where each came from. */
  readonly versions: ReadonlyArray<Version>
  /** For each of what versions were compared on, the version that did best there: where each may have its own. */
  readonly byExample: ReadonlyArray<Version | undefined>
  /** `failed`: it ended before its time, see `failure`. */
  readonly stopped: StopReason | "failed"
  /** Why it ended early; what was found until then is handed out all the same. */
  readonly failure?: unknown
}

type Failure<E> = E | TextModelError | Trainer.TrainingError

/**
 * Improves any text by trying it. Alone, on several examples that it has to do well on, or on examples from which it has
 * to generalise to others (`validation`).
 *
 * **Example**
 *
 * ```ts
 * import { Optimize } from "@backprose/core"
 *
 * const orders = ["AB12", "CD-17"]
 * const pattern = Optimize.anything({
 *   objective: "A regular expression that accepts our order numbers.",
 *   seed: "^[A-Z]+$",
 *   examples: orders,
 *   evaluate: (pattern, order) => {
 *     const accepts = new RegExp(pattern).test(order)
 *     return accepts ? 1 : { score: 0, feedback: `${order} is an order number, but it was refused.` }
 *   }
 * })
 * ```
 */
export const anything = <Ex = unknown, E = never, R = never, RO = never>(
  options: Options<Ex, E, R, RO>
): Effect.Effect<Found, Failure<E>, R | RO | BackwardModel | OptimizerModel> =>
  Effect.gen(function* () {
    const { objective } = options
    const artefact = yield* first(options)
    const task = artefactTask({
      artefact,
      objective,
      evaluate: options.evaluate,
      examples: options.examples ?? [],
      validation: options.validation ?? [],
      describe: options.describe,
      repeatable: options.repeatable ?? true
    })
    const optimizer: Layer.Layer<Optimizer, never, RO | OptimizerModel> =
      options.optimizer ?? TextualGradientDescent.layer()
    const selector = options.selector ?? (task.validation.length > 1 ? Pareto.layer() : ValidationGate.layer())
    const render = yield* ArtefactPrompt

    let versions: ReadonlyArray<Version> = []
    let best = { candidate: 0, stopped: "failed" as Found["stopped"] }
    const read = (event: Event) => {
      versions = after(versions, event)
      if (event._tag === "Checkpointed") best = { ...best, candidate: event.candidate }
      if (event._tag === "RunFinished") best = { candidate: event.candidate, stopped: event.stopped }
      return options.onEvent?.(event) ?? Effect.void
    }
    const found = (failure?: Failure<E>): Found => {
      const version = versions.find(({ id }) => id === best.candidate)
      return {
        value: version?.value ?? artefact.initial,
        score: version?.score,
        versions,
        byExample: bestByExample(versions),
        stopped: best.stopped,
        ...(failure === undefined ? {} : { failure })
      }
    }
    return yield* Stream.runForEach(Trainer.fit(task, { run: "artefact", ...options.training }), read).pipe(
      Effect.provide([optimizer, selector]),
      Effect.provideService(ProposePrompt, (slots) => render({ ...slots, objective })),
      Effect.map(() => found()),
      // what was paid for is not thrown away because a later step failed
      Effect.catch((failure: Failure<E>) =>
        versions.some(({ score }) => score !== undefined) ? Effect.succeed(found(failure)) : Effect.fail(failure)
      )
    )
  })

/** The first version: given, or written from the objective. */
const first = Effect.fnUntraced(function* ({
  constraints = [],
  maxLength,
  objective,
  role = "artefact",
  seed
}: Options<any, any, any, any>): Effect.fn.Return<Parameter.Parameter<string>, TextModelError, OptimizerModel> {
  const spec = { role, constraints, ...(maxLength === undefined ? {} : { maxLength }) }
  if (seed !== undefined) return Parameter.text(seed, spec)
  const model = yield* OptimizerModel
  const render = yield* DraftPrompt
  const empty = Parameter.text("", spec)
  const prompt = render({ role, objective, constraints: empty.constraints })
  const { value } = yield* within("first version")(
    Reply.shaped(
      model,
      { purpose: "optimizer", messages: Prompt.messages(prompt) },
      { schema: Schema.Struct({ value: empty.schema }), name: "draft", ofText: (value) => ({ value }) }
    )
  )
  return Parameter.text(value, spec)
})
