/**
 * A primitive of the graph: a forward function, and how feedback on its output becomes feedback on its inputs.
 */
import * as Effect from "effect/Effect"
import { BackwardError } from "../graph/BackwardError.ts"
import type { Feedback } from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import type { TextModelError } from "../model/TextModelError.ts"

type Inputs<In extends ReadonlyArray<unknown>, R> = { readonly [K in keyof In]: Variable.Variable<In[K], R> }
type Given<In extends ReadonlyArray<unknown>> = { readonly [K in keyof In]: ReadonlyArray<Feedback> }

/**
 * An operation of your own. `forward` returns the value together with a residual: whatever `backward` will need to know
 * about this application. `backward` gives the feedback on each input, in order; `wanted` says which of them matter.
 *
 * **Example**
 *
 * ```ts
 * import { Operation, Variable } from "@backprose/core"
 * import { Effect } from "effect"
 *
 * const shout = Operation.make({
 *   name: "Shout",
 *   role: "the text in capitals",
 *   forward: (text: string) => Effect.succeed([text.toUpperCase(), text] as const),
 *   backward: (_text, feedback) => Effect.succeed([feedback] as const)
 * })
 * const loud = shout(Variable.constant("hello", "a greeting"))
 * ```
 */
export const make = <const In extends ReadonlyArray<unknown>, A, Residual, E, RF, RB>(spec: {
  readonly name: string
  readonly role: string
  readonly forward: (...inputs: In) => Effect.Effect<readonly [A, Residual], E, RF>
  readonly backward: (
    residual: Residual,
    feedback: ReadonlyArray<Feedback>,
    wanted: ReadonlyArray<boolean>
  ) => Effect.Effect<Given<In>, BackwardError | TextModelError, RB>
}): (<R = never>(...inputs: Inputs<In, R>) => Effect.Effect<Variable.Variable<A, R | RB>, E, RF>) => {
  const asBackwardError = Effect.mapError((error: BackwardError | TextModelError) =>
    error._tag === "BackwardError" ? error : new BackwardError({ operation: spec.name, reason: error })
  )
  return <R>(...inputs: Inputs<In, R>) =>
    Effect.map(
      spec.forward(...(inputs.map((input) => input.value) as unknown as In)),
      ([value, residual]): Variable.Variable<A, R | RB> =>
        Variable.applied<A, R | RB>({
          value,
          role: spec.role,
          name: spec.name,
          inputs,
          pullback: (feedback, wanted) =>
            asBackwardError(spec.backward(residual, feedback, wanted)) as ReturnType<Variable.Pullback<R | RB>>
        })
    )
}

/** A plain function of one value. Feedback on the result is feedback on the value: no more is known of the function. */
export const map = <A, B, R>(
  self: Variable.Variable<A, R>,
  options: { readonly role: string; readonly f: (value: A) => B }
): Variable.Variable<B, R> =>
  Variable.applied<B, R>({
    value: options.f(self.value),
    role: options.role,
    name: "Map",
    inputs: [self],
    pullback: (feedback) => Effect.succeed([feedback])
  })

/** The value goes on, feedback does not come back. */
export const stopGradient = <A, R>(variable: Variable.Variable<A, R>): Variable.Variable<A> =>
  Variable.applied<A, never>({
    value: variable.value,
    role: variable.role,
    name: "StopGradient",
    // without a pullback nothing behind it is ever asked, so its services are not needed
    inputs: [variable as Variable.Variable<A, never>],
    pullback: undefined
  })
