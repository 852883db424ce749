/**
 * What can be shown again: the input and the output of a model call in a training example, with how the example was judged.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Observation from "./Observation.ts"
import type { Evidence, Proposal, ProposalRequest } from "./Optimizer.ts"

export interface Lesson {
  /** The parameter of demonstrations that the call read. */
  readonly parameter: string
  /** The place of the example in the training set. */
  readonly example: number
  readonly input: string
  readonly output: string
  /** Of the whole example, 0 to 1. */
  readonly score: number
}

/** The lessons about a parameter in what was observed. Calls that were shown images give none. */
export const from = (evidence: ReadonlyArray<Evidence>, parameter: string): ReadonlyArray<Lesson> =>
  evidence.flatMap((one) =>
    Observation.of(one, parameter)
      .filter(({ isDemonstrable }) => isDemonstrable)
      .map(({ inputs, output, score }) => {
        const [first, ...more] = inputs
        const input =
          more.length === 0 && first !== undefined
            ? first.text
            : inputs.map(({ role, text }) => `${role}: ${text}`).join("\n")
        return { parameter, example: one.example, input, output, score }
      })
      .filter(({ input, output }) => input.trim() !== "" && output.trim() !== "")
  )

/** The examples that new values show and the values they replace do not, or the other way round, as far as is known. */
export const demonstrated = (
  lessons: ReadonlyArray<Lesson>,
  entries: ReadonlyArray<Parameters.Entry>,
  values: Proposal["values"]
): ReadonlyArray<number> =>
  entries.flatMap(({ name, origin, variable }) => {
    const value = values.get(name)
    if (value === undefined || !Demonstrations.isOf(origin)) return []
    const inputs = (set: unknown) => new Set((set as Demonstrations.Demonstrations).map(({ input }) => input))
    const [before, after] = [inputs(variable.value), inputs(value)]
    return lessons.flatMap(({ example, input, parameter }) =>
      parameter === name && before.has(input) !== after.has(input) ? [example] : []
    )
  })

/** The lessons of past steps. */
export interface Memory {
  /** Those from before a step, those of each parameter in one order: what happens beside it may be there or not. */
  readonly before: (step: number) => Effect.Effect<ReadonlyArray<Lesson>>
  /** Keeps what a step showed of each parameter, once, however many proposals are made from it, and in any order. */
  readonly keep: (request: ProposalRequest, lessons: ReadonlyArray<Lesson>) => Effect.Effect<void>
}

interface Kept {
  readonly step: number
  readonly parent: number
  readonly lesson: Lesson
}

/** An empty memory. */
export const memory: Effect.Effect<Memory> = Effect.map(Ref.make<ReadonlyArray<Kept>>([]), (all) => ({
  before: (step) =>
    Effect.map(Ref.get(all), (kept) => kept.filter((one) => one.step < step).map(({ lesson }) => lesson)),
  keep: ({ parent, step }, lessons) =>
    Ref.update(all, (kept) => {
      // of several proposals each may be about another parameter
      const isKept = ({ parameter }: Lesson) =>
        kept.some((one) => one.step === step && one.parent === parent.id && one.lesson.parameter === parameter)
      const fresh = lessons.filter((lesson) => !isKept(lesson))
      return [...kept, ...fresh.map((lesson) => ({ step, parent: parent.id, lesson }))].sort(
        (a, b) => a.step - b.step || a.parent - b.parent
      )
    })
}))
