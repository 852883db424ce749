/**
 * A built graph, with a log of what its pullbacks were asked.
 */
import { type BackwardError, Combine, Feedback, Operation, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Blueprint, Step } from "./Blueprint.ts"

/** One run of a pullback. */
export interface Call {
  readonly step: number
  readonly feedback: ReadonlyArray<Feedback.Feedback>
  readonly wanted: ReadonlyArray<boolean>
  /** The steps whose pullbacks had ended when this one started. */
  readonly after: ReadonlySet<number>
}

/** The variables of a blueprint, one a step. */
export interface Built {
  readonly variables: ReadonlyArray<Variable.Variable<unknown>>
  /** The variables to differentiate, as often as the blueprint names them. */
  readonly roots: ReadonlyArray<Variable.Variable<unknown>>
  /** The pullbacks that ran so far, in the order in which they started. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
}

/** How steps become values and feedback. */
export interface Meaning<A> {
  readonly leaf: (step: Step, index: number) => A
  readonly forward: (step: Step, index: number, inputs: ReadonlyArray<A>) => A
  /** Feedback on each input; sums and stops are not asked. */
  readonly backward: (
    step: Step,
    index: number,
    inputs: ReadonlyArray<A>,
    feedback: ReadonlyArray<Feedback.Feedback>
  ) => ReadonlyArray<ReadonlyArray<Feedback.Feedback>>
  readonly schema: Schema.Codec<A, unknown>
}

export interface Options {
  /** Whether pullbacks take the time that their steps say. Run the fold under a test clock. Default false. */
  readonly delayed?: boolean
  /** Steps whose pullbacks fail with this error. */
  readonly failing?: ReadonlyMap<number, BackwardError.BackwardError>
}

/** Builds a blueprint by a meaning of its steps. */
export const build = <A>(blueprint: Blueprint, meaning: Meaning<A>, options: Options = {}): Built => {
  const calls: Array<Call> = []
  const ended = new Set<number>()
  const variables: Array<Variable.Variable<A>> = []

  const pullback =
    (step: Step, index: number, inputs: ReadonlyArray<Variable.Variable<A>>): Variable.Pullback<never> =>
    (feedback, wanted) =>
      Effect.gen(function* () {
        calls.push({ step: index, feedback: [...feedback], wanted: [...wanted], after: new Set(ended) })
        if (options.delayed === true && step.delay > 0) yield* Effect.sleep(step.delay)
        const failure = options.failing?.get(index)
        if (failure !== undefined) return yield* failure
        ended.add(index)
        if (step.kind === "sum") return yield* sumPullback(inputs)(feedback, wanted)
        return meaning.backward(
          step,
          index,
          inputs.map(({ value }) => value),
          feedback
        )
      })

  blueprint.steps.forEach((step, index) => {
    const inputs = step.inputs.map((input) => variables[input]!)
    variables.push(variableOf(step, index, inputs, meaning, pullback(step, index, inputs)))
  })
  return {
    variables,
    roots: blueprint.roots.map((root) => variables[root]!),
    calls: Effect.sync(() => [...calls])
  }
}

const variableOf = <A>(
  step: Step,
  index: number,
  inputs: ReadonlyArray<Variable.Variable<A>>,
  meaning: Meaning<A>,
  pullback: Variable.Pullback<never>
): Variable.Variable<A> => {
  const role = `${step.kind} ${index}`
  switch (step.kind) {
    case "constant":
      return Variable.constant(meaning.leaf(step, index), role)
    case "parameter":
      return {
        value: meaning.leaf(step, index),
        role,
        origin: { _tag: "Parameter", name: `p${index}`, schema: meaning.schema, constraints: [] }
      }
    case "stop":
      return Operation.stopGradient(inputs[0]!)
    case "sum":
    case "operation":
      return Variable.applied<A, never>({
        value: meaning.forward(
          step,
          index,
          inputs.map(({ value }) => value)
        ),
        role,
        name: step.kind === "sum" ? "Sum" : step.formula,
        inputs,
        pullback
      })
  }
}

// the one of the library, so that the laws hold for it and not for a copy
const sumPullback = (inputs: ReadonlyArray<Variable.Any>): Variable.Pullback<never> => {
  const { origin } = Combine.all(inputs as ReadonlyArray<Variable.Variable<unknown>>, "sum")
  return origin._tag === "Operation" && origin.pullback !== undefined ? origin.pullback : () => Effect.succeed([])
}

/** The text of feedback; the objective is the empty text. */
export const textOf = (feedback: Feedback.Feedback): string => (Feedback.isCriticism(feedback) ? feedback.text : "")
