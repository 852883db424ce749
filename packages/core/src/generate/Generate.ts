/**
 * Model calls as operations of the graph: their inputs are the variables in the prompts, and their feedback is carried
 * back by the critic.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { type Case, criticise } from "../autograd/Critic.ts"
import { BackwardError } from "../graph/BackwardError.ts"
import * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import type { Sampling } from "../model/Request.ts"
import { BackwardModel, TextModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Template from "../operation/Template.ts"
import * as Reply from "../reply/Reply.ts"

export interface Options<R1, R2> {
  /** The system prompt: often a parameter. */
  readonly system?: Template.Template<R1> | Variable.Variable<string, R1> | string
  /** The user message: a template over the inputs, or one variable. Images in its slots are sent as images. */
  readonly prompt: Template.Template<R2> | Variable.Variable<unknown, R2> | string
  /** What the reply is for, in words. */
  readonly role: string
  readonly sampling?: Sampling
  /** The index of the sample, where the same question is asked more than once. */
  readonly sample?: number
}

/** A generated variable: its gradient asks the critic. */
export type Generated<A, R = never> = Variable.Variable<A, R | BackwardModel>

/**
 * One model call whose reply is a text.
 *
 * Fails with a `TextModelError`: an empty, cut or filtered reply is an error and never a value.
 *
 * **Example**
 *
 * ```ts
 * import { Generate, Parameter, Parameters, Template, Variable } from "@backprose/core"
 *
 * const parameters = Parameters.make({
 *   instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" })
 * })
 * const question = Variable.constant("What is 2 + 2?", "question")
 * const answer = Generate.text({
 *   system: parameters.instructions,
 *   prompt: Template.make`Question: ${question}`,
 *   role: "answer"
 * })
 * ```
 */
export const text = <R1 = never, R2 = never>(
  options: Options<R1, R2>
): Effect.Effect<Generated<string, R1 | R2>, TextModelError, TextModel> =>
  Effect.flatMap(TextModel, (model) =>
    Effect.map(Reply.text(model, question(options)), (reply) => applied(options, reply, reply))
  )

/**
 * One model call whose reply is a value of a schema. The provider is asked for JSON of that shape; a reply that does not
 * fit is asked to repair itself once, then fails with `ReplyUnreadable`.
 */
export const object = <A, R1 = never, R2 = never>(
  options: Options<R1, R2> & {
    readonly schema: Schema.Codec<A, unknown>
    /** What the object is, for the provider. Default "reply". */
    readonly name?: string
  }
): Effect.Effect<Generated<A, R1 | R2>, TextModelError, TextModel> =>
  Effect.flatMap(TextModel, (model) =>
    Effect.map(Reply.object(model, question(options), options.schema, options.name ?? "reply"), (value) =>
      applied(options, value, Variable.render(value))
    )
  )

const question = (options: Options<any, any>): Reply.Question => {
  const prompt = Message.user(Template.content(Template.from(options.prompt)))
  return {
    purpose: "forward",
    messages:
      options.system === undefined
        ? [prompt]
        : [Message.system(Template.render(Template.from(options.system))), prompt],
    ...(options.sampling === undefined ? {} : { sampling: options.sampling }),
    sample: options.sample
  }
}

const applied = <A, R1, R2>(options: Options<R1, R2>, value: A, output: string): Generated<A, R1 | R2> => {
  const prompt = Template.from<R1 | R2>(options.prompt)
  const system = options.system === undefined ? undefined : Template.from<R1 | R2>(options.system)
  const inputs = Template.variables({ parts: [...(system?.parts ?? []), ...prompt.parts] })
  const case_: Case = {
    operation: (show) => [
      ...(system === undefined ? [] : [{ title: "System prompt", text: Template.render(system, show) }]),
      { title: "Prompt", text: Template.render(prompt, show) }
    ],
    inputs,
    images: Template.images(prompt),
    output,
    outputRole: options.role
  }
  return Variable.applied<A, R1 | R2 | BackwardModel>({
    value,
    role: options.role,
    name: "Generate",
    inputs,
    pullback: (feedback, wanted) =>
      Effect.mapError(
        criticise(case_, feedback, wanted),
        (reason) => new BackwardError({ operation: "Generate", reason })
      )
  })
}
