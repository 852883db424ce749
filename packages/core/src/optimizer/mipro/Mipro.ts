/**
 * Joint search over instructions and demonstrations. First steps propose: instructions grounded in a summary of the data, the
 * shape of the program, cases done right and a tip, together with demonstrations drawn from successes. Later steps combine:
 * which instructions with which demonstrations, parameter by parameter, by a TPE on the scores of what was tried, without
 * any model call. (MIPROv2, arXiv 2406.11695. There all proposals are made before the search; here they are its first
 * trials, so that each step of the loop is one evaluated combination.)
 *
 * It searches by validation scores, so it wants a selector that evaluates.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import type { Sampling } from "../../model/Request.ts"
import { OptimizerModel } from "../../model/TextModel.ts"
import { together } from "../../model/together.ts"
import * as Demonstrations from "../../parameter/Demonstrations.ts"
import type * as Parameters from "../../parameter/Parameters.ts"
import { InstructPrompt, tips } from "../../prompts/Instruct.ts"
import * as Bootstrap from "../Bootstrap.ts"
import * as Lesson from "../Lesson.ts"
import * as NewValue from "../NewValue.ts"
import * as Observation from "../Observation.ts"
import { Optimizer, type ProposalRequest } from "../Optimizer.ts"
import type * as Tpe from "../Tpe.ts"
import { unchanged } from "../unchanged.ts"
import * as combinations from "./combinations.ts"
import * as DataSummary from "./DataSummary.ts"
import { shape } from "./shape.ts"

export interface Options {
  /** How many proposals are made before combinations of them are searched. */
  readonly candidates: number
  /** Demonstrations in a set at most. */
  readonly demonstrations: number
  /** What an example must score for its calls to be shown as they are. */
  readonly threshold: number
  /** What a teacher showed: see `Teacher.lessons`. */
  readonly lessons: ReadonlyArray<Lesson.Lesson>
  /** Wishes in words that hold for every text, beside the parameter's own. */
  readonly constraints: ReadonlyArray<string>
  readonly sampling: Sampling
  /** How combinations are searched; what is left out has its default. */
  readonly search: Partial<Tpe.Options>
}

const defaults: Options = {
  candidates: 6,
  demonstrations: 4,
  threshold: 1,
  lessons: [],
  constraints: [],
  sampling: {},
  search: {}
}

const combinedReason = "a combination of versions that were tried"

/** Cases done right that whoever writes instructions is shown. */
const shownCases = 3

/** How many were made before this step. One that came to nothing, as it was no new one, is to be followed by another. */
const proposals = ({ lineage, step }: ProposalRequest): number => {
  const fruitful = new Set(lineage.map((candidate) => candidate.step))
  return lineage.length - 1 + Math.max(0, step - fruitful.size)
}

/** The layer: texts and parameters of demonstrations are searched, others keep their values. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const settings = { ...defaults, ...options }
      const memory = yield* Lesson.memory
      const summaries = yield* DataSummary.make(model)

      const instruct = Effect.fnUntraced(function* (
        { entry, examples }: { readonly entry: Parameters.Entry; readonly examples: Demonstrations.Demonstrations },
        request: ProposalRequest,
        summary: string,
        tip: string
      ) {
        const render = yield* InstructPrompt
        const [one] = request.evidence
        const prompt = render({
          role: entry.variable.role,
          value: NewValue.shown(entry, entry.variable.value),
          summary,
          shape: one === undefined ? "" : shape(one),
          examples,
          tip,
          constraints: [...entry.origin.constraints, ...settings.constraints]
        })
        return yield* NewValue.ask(model, { entry, request, prompt, sampling: settings.sampling })
      })

      /** New instructions for each text that was used, new demonstrations where some are known. */
      const propose = Effect.fnUntraced(function* (
        searched: ReadonlyArray<Parameters.Entry>,
        request: ProposalRequest,
        { now, past }: { readonly now: ReadonlyArray<Lesson.Lesson>; readonly past: ReadonlyArray<Lesson.Lesson> }
      ) {
        const draw = ({ name }: Parameters.Entry, most: number) => {
          const mine = ({ parameter }: Lesson.Lesson) => parameter === name
          const known = { now: now.filter(mine), past: past.filter(mine), current: [] }
          return Bootstrap.draw(known, { most, threshold: settings.threshold })
        }
        // all chance before any call, which may use some of its own
        const texts = yield* Effect.forEach(
          searched.filter((entry) => NewValue.isText(entry) && Observation.all(request, entry).length > 0),
          (entry) => Effect.map(draw(entry, shownCases), (examples) => ({ entry, examples }))
        )
        const sets = yield* Effect.forEach(
          searched.filter(({ origin }) => Demonstrations.isOf(origin)),
          (entry) => Effect.map(draw(entry, settings.demonstrations), (set) => ({ name: entry.name, set }))
        )
        const [first] = texts
        const hasData = first !== undefined && request.evidence.length > 0
        const summary = hasData ? yield* summaries.of(request, first.entry.name) : undefined
        const tip = tips[(proposals(request) + request.sample) % tips.length]!
        const written = yield* together(texts, (text) => instruct(text, request, summary?.text ?? "", tip))
        yield* memory.keep(request, now)
        if (summary !== undefined) yield* summaries.keep(summary)
        const known = sets.filter(({ set }) => set.length > 0)
        return NewValue.proposal([
          ...written,
          ...known.map(({ name, set }) => ({ name, value: set, changed: `${set.length} demonstrations` }))
        ])
      })

      return Optimizer.of({
        differentiates: false,
        // all texts, and what the data are like where nobody wrote that yet
        asks: ({ parameters }) => ({ backward: 0, optimizer: parameters + 1 }),
        propose: Effect.fnUntraced(function* (request) {
          const used = request.entries.filter((entry) => Observation.all(request, entry).length > 0)
          const searched = request.entries.filter(
            (entry) => NewValue.isText(entry) || Demonstrations.isOf(entry.origin)
          )
          const past = [...settings.lessons, ...(yield* memory.before(request.step))]
          const now = searched.flatMap(({ name }) => Lesson.from(request.evidence, name))
          const random = yield* Random.Random
          const isProposing = used.length === 0 || proposals(request) < settings.candidates
          const combined = isProposing
            ? undefined
            : combinations.next(searched, request, () => random.nextDoubleUnsafe(), settings.search)
          const { reasons, values } =
            combined === undefined
              ? yield* propose(searched, request, { now, past })
              : { values: combined, reasons: new Map(searched.map(({ name }) => [name, combinedReason])) }
          const demonstrated = Lesson.demonstrated([...past, ...now], searched, values)
          return { values: new Map([...unchanged(used), ...values]), reasons, demonstrated }
        })
      })
    })
  )
