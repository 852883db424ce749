/**
 * An immutable value that knows what it is for and what it came from. Variables point at their inputs, so the result of
 * a forward pass is a graph: nothing is recorded elsewhere, nothing is written to later.
 */

import type * as Effect from "effect/Effect"
import * as Formatter from "effect/Formatter"
import * as Schema from "effect/Schema"
import type { BackwardError } from "./BackwardError.ts"
import type { Feedback } from "./Feedback.ts"
import { isImage } from "./Image.ts"

/** `R`: the services that differentiating it needs. A graph of pure functions needs none. */
export interface Variable<out A, out R = never> {
  readonly value: A
  /** What the value is for, in words: "system prompt of the solver". Critics and optimizers read it. */
  readonly role: string
  readonly origin: Origin<R>
}

/** Where a variable came from: given from outside, trainable, or made by an operation from other variables. */
export type Origin<R> = Constant | ParameterOrigin | Applied<R>

/** Given from outside. Never receives feedback. */
export interface Constant {
  readonly _tag: "Constant"
}

/** A trainable leaf. `name` is its path, such as `solver.instructions`. */
export interface ParameterOrigin {
  readonly _tag: "Parameter"
  readonly name: string
  /** What a proposed value must satisfy. */
  readonly schema: Schema.Codec<unknown, unknown>
  /** Wishes in words for whoever proposes a value. */
  readonly constraints: ReadonlyArray<string>
}

/** The result of an operation. */
export interface Applied<out R> {
  readonly _tag: "Operation"
  readonly name: string
  readonly inputs: ReadonlyArray<Variable<unknown, R>>
  /** Absent where the operation is not differentiable: nothing beyond it receives feedback. */
  readonly pullback: Pullback<R> | undefined
}

/**
 * From feedback on the output to feedback on each input, in the order of the inputs. `wanted` says which inputs reach a
 * target: what is given for the others is dropped, so a pullback that pays for its answer need not ask for them.
 */
export type Pullback<out R> = (
  feedback: ReadonlyArray<Feedback>,
  wanted: ReadonlyArray<boolean>
) => Effect.Effect<ReadonlyArray<ReadonlyArray<Feedback>>, BackwardError, R>

/** Any variable, for functions that work with all of them. */
export type Any = Variable<unknown, any>

/** The value inside a variable type. */
export type Value<V> = V extends Variable<infer A, any> ? A : never
/** The services that differentiating a variable type needs. */
export type Services<V> = V extends Variable<any, infer R> ? R : never

const constantOrigin: Constant = { _tag: "Constant" }

/** A value given from outside: a question, a document, a setting. */
export const constant = <A>(value: A, role: string): Variable<A> => ({ value, role, origin: constantOrigin })

/** The result of an operation that was just run. Most users want `Operation.make`. */
export const applied = <A, R>(fields: {
  readonly value: A
  readonly role: string
  readonly name: string
  readonly inputs: ReadonlyArray<Variable<unknown, R>>
  readonly pullback: Pullback<R> | undefined
}): Variable<A, R> => ({
  value: fields.value,
  role: fields.role,
  origin: { _tag: "Operation", name: fields.name, inputs: fields.inputs, pullback: fields.pullback }
})

/** The same value under another role. It is the same node for gradients only if it is used in place of the first. */
export const withRole = <A, R>(self: Variable<A, R>, role: string): Variable<A, R> => ({ ...self, role })

/** Whether a value is a variable. */
export const isVariable = (u: unknown): u is Any =>
  typeof u === "object" && u !== null && "role" in u && "value" in u && "origin" in u && isOrigin(u.origin)

// a record of parameters may have fields of these names, but then they are variables themselves
const isOrigin = (u: unknown): u is Origin<any> =>
  typeof u === "object" &&
  u !== null &&
  "_tag" in u &&
  (u._tag === "Constant" || u._tag === "Parameter" || u._tag === "Operation")

/** The name of a parameter, else `undefined`. */
export const parameterName = (self: Any): string | undefined =>
  self.origin._tag === "Parameter" ? self.origin.name : undefined

/** A value as text for a prompt: strings as they are, plain data as JSON, anything else so that it can be read. */
export const render = (value: unknown): string => {
  if (typeof value === "string") return value
  return isJson(value) ? JSON.stringify(value, null, 2) : Formatter.format(value)
}

/** The value of a variable as text for a prompt; an image is shown as its place. */
export const shown = ({ value }: Any): string => (isImage(value) ? "[image]" : render(value))

const isJson = Schema.is(Schema.Json)
