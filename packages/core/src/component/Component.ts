/**
 * A piece of a pipeline: a forward function together with the parameters it reads. Pieces compose with `pipe`, their
 * parameters nested under their names.
 */
import * as Effect from "effect/Effect"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import * as Parameters from "../parameter/Parameters.ts"

export interface Component<S extends Parameters.Specs, in In, out Out, out E, out R> extends Pipeable {
  /** What its parameters are made from, under the component's name. */
  readonly specs: S
  /** The forward pass, given parameters of `specs`. */
  readonly forward: (parameters: Parameters.Parameters<S>, input: In) => Effect.Effect<Out, E, R>
}

const build = <S extends Parameters.Specs, In, Out, E, R>(
  specs: S,
  forward: Component<S, In, Out, E, R>["forward"]
): Component<S, In, Out, E, R> => ({
  specs,
  forward,
  pipe() {
    // biome-ignore lint/complexity/noArguments: Pipeable is defined by it
    return pipeArguments(this, arguments)
  }
})

/**
 * A component of its own.
 *
 * **Example**
 *
 * ```ts
 * import { Component, Generate, Parameter, type Variable } from "@backprose/core"
 *
 * const draft = Component.make(
 *   "draft",
 *   { instructions: Parameter.text("Answer in one sentence.", { role: "instructions of the drafter" }) },
 *   (p, question: Variable.Variable<string>) =>
 *     Generate.text({ system: p.instructions, prompt: question, role: "draft answer" })
 * )
 * const shorten = Component.make(
 *   "shorten",
 *   { instructions: Parameter.text("Make it shorter.", { role: "instructions of the editor" }) },
 *   (p, text: Generate.Generated<string>) => // what another component generated
 *     Generate.text({ system: p.instructions, prompt: text, role: "short answer" })
 * )
 * const pipeline = draft.pipe(Component.andThen(shorten)) // parameters: draft.instructions, shorten.instructions
 * ```
 */
export const make = <const Name extends string, const S extends Parameters.Specs, In, Out, E, R>(
  name: Name,
  specs: S,
  forward: (parameters: Parameters.Parameters<S>, input: In) => Effect.Effect<Out, E, R>
): Component<{ readonly [K in Name]: S }, In, Out, E, R> =>
  build({ [name]: specs } as { readonly [K in Name]: S }, (parameters, input: In) =>
    forward((parameters as unknown as { readonly [name: string]: Parameters.Parameters<S> })[name]!, input)
  )

/**
 * The output of one component is the input of the next. The same component may come twice and shares its parameters;
 * two different ones of one name would overwrite each other, which is a mistake of the program and dies as one.
 */
export const andThen =
  <S2 extends Parameters.Specs, Mid, Out, E2, R2>(that: Component<S2, Mid, Out, E2, R2>) =>
  <S extends Parameters.Specs, In, E, R>(
    self: Component<S, In, Mid, E, R>
  ): Component<S & S2, In, Out, E | E2, R | R2> => {
    const clash = Object.keys(that.specs).find((name) => name in self.specs && self.specs[name] !== that.specs[name])
    return build({ ...self.specs, ...that.specs }, (parameters, input: In) =>
      clash === undefined
        ? Effect.flatMap(self.forward(parameters as unknown as Parameters.Parameters<S>, input), (mid) =>
            that.forward(parameters as unknown as Parameters.Parameters<S2>, mid)
          )
        : Effect.die(new Error(`two different components of one pipeline are called "${clash}"`))
    )
  }

/** The parameters of a component at their initial values. */
export const parameters = <S extends Parameters.Specs>(
  self: Component<S, any, any, any, any>
): Parameters.Parameters<S> => Parameters.make(self.specs)
