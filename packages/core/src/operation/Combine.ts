/**
 * Many variables into one. Feedback on the result goes to each input once: neither lost nor doubled.
 */
import * as Effect from "effect/Effect"
import type { Feedback } from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"

const combine = <A, B, R>(
  name: string,
  variables: ReadonlyArray<Variable.Variable<A, R>>,
  role: string,
  value: (values: ReadonlyArray<A>) => B
): Variable.Variable<B, R> =>
  Variable.applied<B, R>({
    value: value(variables.map((variable) => variable.value)),
    role,
    name,
    inputs: variables,
    pullback: (feedback: ReadonlyArray<Feedback>) => Effect.succeed(variables.map(() => feedback))
  })

const total = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0)

/** The sum of numbers: of the scores of a batch, for example. */
export const sum = <R>(variables: ReadonlyArray<Variable.Variable<number, R>>, role = "sum") =>
  combine("Sum", variables, role, total)

/** The mean of numbers; `NaN` of none. */
export const mean = <R>(variables: ReadonlyArray<Variable.Variable<number, R>>, role = "mean") =>
  combine("Mean", variables, role, (values) => total(values) / values.length)

/** Texts one after the other, `separator` between them (default: a blank line). */
export const concat = <R>(
  variables: ReadonlyArray<Variable.Variable<string, R>>,
  options: { readonly role: string; readonly separator?: string }
) => combine("Concat", variables, options.role, (values) => values.join(options.separator ?? "\n\n"))

/** Several variables as one list. */
export const all = <A, R>(variables: ReadonlyArray<Variable.Variable<A, R>>, role: string) =>
  combine("All", variables, role, (values) => values)
