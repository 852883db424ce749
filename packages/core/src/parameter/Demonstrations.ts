/**
 * Few-shot examples as a parameter: inputs with the outputs they should get, shown to the model in its prompt. An optimizer
 * may draw them from what went right (`Bootstrap`), or edit them by gradients like any other value.
 */
import * as Schema from "effect/Schema"
import * as Variable from "../graph/Variable.ts"
import { map } from "../operation/Operation.ts"
import * as Fence from "../prompts/Fence.ts"

const Said = Schema.String.check(Schema.isPattern(/\S/, { expected: "a text that is not empty" }))

/** One example: what goes in, and what should come out. */
export const Demonstration = Schema.Struct({ input: Said, output: Said })
export type Demonstration = typeof Demonstration.Type

/** The value of a parameter of demonstrations: in the order in which they are shown. */
export const Demonstrations = Schema.Array(Demonstration)
export type Demonstrations = typeof Demonstrations.Type

/** Whether a parameter is one of demonstrations: made by `Parameter.demonstrations`. */
export const isOf = (origin: Variable.ParameterOrigin): boolean => (origin.schema as unknown) === Demonstrations

/** How demonstrations are written; what is left out has the default. */
export interface Options {
  /** Stands above them. Default "Examples:". */
  readonly title?: string
  /** Before each input. Default "Input". */
  readonly input?: string
  /** Before each output. Default "Output". */
  readonly output?: string
}

const lineEnd = /[\n\r\v\f\u0085\u2028\u2029]/

/** A text of several lines is fenced: none of its lines can pass for the next example. */
const said = (label: string, text: string): string =>
  lineEnd.test(text) ? `${label}:\n${Fence.wrap("text", text)}` : `${label}: ${text}`

/** Demonstrations as the text of a prompt; nothing at all where there are none. */
export const text = (demonstrations: Demonstrations, options: Options = {}): string =>
  demonstrations.length === 0
    ? ""
    : [
        options.title ?? "Examples:",
        ...demonstrations.map(({ input, output }) =>
          [said(options.input ?? "Input", input), said(options.output ?? "Output", output)].join("\n")
        )
      ].join("\n\n")

/**
 * A parameter of demonstrations as text, for the slot of a prompt. Feedback on the text is feedback on the parameter.
 *
 * **Example**
 *
 * ```ts
 * import { Demonstrations, Generate, Parameter, Parameters, Template, Variable } from "@backprose/core"
 *
 * const parameters = Parameters.make({
 *   instructions: Parameter.text("Sort the letter into a tray.", { role: "instructions of the sorter" }),
 *   examples: Parameter.demonstrations({ role: "letters with their trays, shown to the sorter" })
 * })
 * const tray = Generate.text({
 *   system: Template.make`${parameters.instructions}\n\n${Demonstrations.render(parameters.examples)}`,
 *   prompt: Variable.constant("The bar below us is too loud.", "letter"),
 *   role: "tray of the letter"
 * })
 * ```
 */
export const render = <R>(
  self: Variable.Variable<Demonstrations, R>,
  options: Options = {}
): Variable.Variable<string, R> => map(self, { role: self.role, f: (value) => text(value, options) })
