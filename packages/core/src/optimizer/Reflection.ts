/**
 * Reflective mutation: the editor reads a parameter and what happened when it was used (inputs, outputs, scores, feedback),
 * and writes the next value. One call a parameter and no backward pass. (GEPA, arXiv 2507.19457; with several parents and a
 * selector that keeps a Pareto front it is that algorithm's mutation.)
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import type { Sampling } from "../model/Request.ts"
import { OptimizerModel } from "../model/TextModel.ts"
import { together } from "../model/together.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import { ReflectPrompt } from "../prompts/Reflect.ts"
import * as NewValue from "./NewValue.ts"
import * as Observation from "./Observation.ts"
import { Optimizer, type ProposalRequest } from "./Optimizer.ts"
import { failures } from "./tried.ts"
import { unchanged } from "./unchanged.ts"

export interface Options {
  /**
   * Which parameters a step changes, of those that were used in an example that went wrong: `roundRobin`, the next one
   * each step (of several proposals from one step, each takes another); `all` of them.
   */
  readonly which: "roundRobin" | "all"
  /** Model calls that went wrong shown at most, the worst first. */
  readonly wrong: number
  /** Model calls that came out right shown at most. */
  readonly right: number
  /** Versions that were tried and not kept shown at most, the latest. */
  readonly failed: number
  /** Wishes in words that hold for every parameter, beside the parameter's own. */
  readonly constraints: ReadonlyArray<string>
  readonly sampling: Sampling
}

const defaults: Options = { which: "roundRobin", wrong: 6, right: 2, failed: 2, constraints: [], sampling: {} }

/** The layer. It needs no critic; its memory is which steps it has had, for taking parameters in turn. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const settings = { ...defaults, ...options }
      const steps = yield* Ref.make<ReadonlySet<number>>(new Set())

      const reflect = Effect.fnUntraced(function* (entry: Parameters.Entry, request: ProposalRequest) {
        const render = yield* ReflectPrompt
        const prompt = render({
          role: entry.variable.role,
          value: NewValue.shown(entry, entry.variable.value),
          isText: NewValue.isText(entry),
          cases: Observation.choose(Observation.all(request, entry), settings),
          failed: failures(request, entry, settings.failed),
          constraints: [...entry.origin.constraints, ...settings.constraints]
        })
        return yield* NewValue.ask(model, { entry, request, prompt, sampling: settings.sampling })
      })

      return Optimizer.of({
        differentiates: false,
        asks: ({ parameters }) => ({
          backward: 0,
          optimizer: settings.which === "all" ? parameters : Math.min(1, parameters)
        }),
        propose: Effect.fnUntraced(function* (request) {
          const wrong = request.entries.filter((entry) =>
            Observation.all(request, entry).some((one) => !Observation.isRight(one))
          )
          // what is proposed beside this one, in the same step, is not counted: it may be ready or not
          const turns = [...(yield* Ref.get(steps))].filter((step) => step < request.step).length
          const values = yield* together(
            settings.which === "all" ? wrong : inTurn(request.entries, wrong, turns + request.sample),
            (entry) => reflect(entry, request)
          )
          yield* Ref.update(steps, (known) => new Set([...known, request.step]))
          const made = NewValue.proposal(values)
          return { ...made, values: new Map([...unchanged(wrong), ...made.values]) }
        })
      })
    })
  )

/** The one whose turn it is, or the next after it that went wrong. */
const inTurn = (
  all: ReadonlyArray<Parameters.Entry>,
  wrong: ReadonlyArray<Parameters.Entry>,
  turn: number
): ReadonlyArray<Parameters.Entry> => {
  const from = turn % Math.max(1, all.length)
  const next = [...all.slice(from), ...all.slice(0, from)].find((entry) => wrong.includes(entry))
  return next === undefined ? [] : [next]
}
