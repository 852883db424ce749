/**
 * A plain function in the graph: a tool, a parser, a search, a docking run. It is described in words, so that feedback
 * on its result can be understood by whoever reads it at the other end.
 */
import * as Effect from "effect/Effect"
import { criticise } from "../autograd/Critic.ts"
import { BackwardError } from "../graph/BackwardError.ts"
import * as Feedback from "../graph/Feedback.ts"
import { isImage } from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import type { BackwardModel } from "../model/TextModel.ts"
import * as Fence from "../prompts/Fence.ts"

export interface Options<In extends { readonly [name: string]: unknown }, A, E, R> {
  readonly name: string
  /** What the function does, in words: "looks the query up in the encyclopaedia". */
  readonly purpose: string
  /** What the result is for. */
  readonly role: string
  readonly apply: (inputs: In) => Effect.Effect<A, E, R> | A
}

type Inputs<In, R> = { readonly [K in keyof In]: Variable.Variable<In[K], R> }

/**
 * The function as an operation with named inputs. Feedback on the result passes to every input together with a
 * description of what the function did: no model is asked.
 */
export const passThrough = <In extends { readonly [name: string]: unknown }, A, E = never, RF = never>(
  options: Options<In, A, E, RF>
): (<R = never>(inputs: Inputs<In, R>) => Effect.Effect<Variable.Variable<A, R>, E, RF>) =>
  operation<In, A, E, RF, never>(options, (inputs, output, feedback) =>
    Effect.succeed(inputs.map(() => feedback.map(describe(options, output))))
  )

/** The same, but a critic is shown the inputs, the purpose and the output, and asked about each input. */
export const criticised = <In extends { readonly [name: string]: unknown }, A, E = never, RF = never>(
  options: Options<In, A, E, RF>
): (<R = never>(inputs: Inputs<In, R>) => Effect.Effect<Variable.Variable<A, R | BackwardModel>, E, RF>) =>
  operation<In, A, E, RF, BackwardModel>(options, (inputs, output, feedback, wanted, names) => {
    // one variable in two arguments is one thing to criticise
    const distinct = [...new Set(inputs)]
    const at = inputs.map((input) => distinct.indexOf(input))
    const isFirst = (i: number) => at.indexOf(at[i]!) === i
    return criticise(
      {
        operation: (show) => [
          { title: "A function ran. Its purpose", text: options.purpose },
          ...inputs.map((input, i) => ({ title: `Argument ${names[i]}`, text: show(input) }))
        ],
        inputs: distinct,
        images: distinct.flatMap(({ value }) => (isImage(value) ? [value.part] : [])),
        output,
        outputRole: options.role
      },
      feedback,
      wanted.filter((_, i) => isFirst(i))
    ).pipe(
      Effect.map((given) => inputs.map((_, i) => (isFirst(i) ? given[at[i]!]! : []))),
      Effect.mapError((reason) => new BackwardError({ operation: options.name, reason }))
    )
  })

const operation = <In extends { readonly [name: string]: unknown }, A, E, RF, RB>(
  options: Options<In, A, E, RF>,
  backward: (
    inputs: ReadonlyArray<Variable.Any>,
    output: string,
    feedback: ReadonlyArray<Feedback.Feedback>,
    wanted: ReadonlyArray<boolean>,
    names: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<Feedback.Feedback>>, BackwardError, RB>
) => {
  return <R>(inputs: Inputs<In, R>): Effect.Effect<Variable.Variable<A, R | RB>, E, RF> => {
    const names = Object.keys(inputs)
    const variables = Object.values(inputs) as ReadonlyArray<Variable.Variable<unknown, R>>
    const values = Object.fromEntries(names.map((name, i) => [name, variables[i]!.value])) as In
    return Effect.map(
      Effect.suspend(() => {
        const result = options.apply(values)
        return Effect.isEffect(result) ? result : Effect.succeed(result)
      }),
      (value) =>
        Variable.applied<A, R | RB>({
          value,
          role: options.role,
          name: options.name,
          inputs: variables,
          pullback: (feedback, wanted) => backward(variables, Variable.render(value), feedback, wanted, names)
        })
    )
  }
}

const describe =
  (options: { readonly purpose: string; readonly role: string }, output: string) =>
  (feedback: Feedback.Feedback): Feedback.Feedback => {
    const made = `A function used it (purpose: ${Fence.quote(options.purpose)}); its result, used as ${Fence.quote(options.role)}, was:\n${Fence.wrap("result", output)}`
    return feedback._tag === "Objective"
      ? Feedback.make(`The result should get better.\n${made}`, { from: options.role })
      : { ...feedback, text: `${feedback.text}\n\n${made}` }
  }
