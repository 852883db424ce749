/**
 * The trainable values of a pipeline: a typed record, nested as the pipeline is. Their names are their paths.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Variable from "../graph/Variable.ts"
import type { Parameter } from "./Parameter.ts"

/** What parameters are made from: a record of `Parameter`s, nested as deep as you like. */
export interface Specs {
  readonly [name: string]: Parameter<any> | Specs
}

/** The parameters of some specs: the same record with a variable in each place. */
export type Parameters<S extends Specs> = {
  readonly [K in keyof S]: S[K] extends Parameter<infer A>
    ? Variable.Variable<A>
    : S[K] extends Specs
      ? Parameters<S[K]>
      : never
}

/** Any parameters, for functions that work with all of them. */
export interface Any {
  readonly [name: string]: Variable.Any | Any
}

/** Values by name, as they are saved: JSON, one entry a parameter. */
export type Saved = { readonly [name: string]: Schema.Json }

/** A saved value does not fit its parameter, or there is no such parameter. `name` is where. */
export class ParametersInvalid extends Schema.TaggedError<ParametersInvalid>()("ParametersInvalid", {
  name: Schema.String,
  message: Schema.String
}) {}

const isSpec = (u: Parameter<any> | Specs): u is Parameter<any> => "_tag" in u && u["_tag"] === "ParameterSpec"

const variable = (name: string, spec: Parameter<unknown>): Variable.Variable<unknown> => ({
  value: spec.initial,
  role: spec.role,
  origin: { _tag: "Parameter", name, schema: spec.schema, constraints: spec.constraints }
})

/**
 * Parameters at their initial values.
 *
 * **Example**
 *
 * ```ts
 * import { Parameter, Parameters } from "@backprose/core"
 *
 * const parameters = Parameters.make({
 *   solver: { instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" }) }
 * })
 * parameters.solver.instructions.value // => "Answer the question."
 * Parameters.entries(parameters).map(({ name }) => name) // => ["solver.instructions"]
 * ```
 */
export const make = <const S extends Specs>(specs: S): Parameters<S> => build(specs, "") as Parameters<S>

const build = (specs: Specs, prefix: string): Any =>
  Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => [
      key,
      isSpec(spec) ? variable(prefix + key, spec) : build(spec, `${prefix}${key}.`)
    ])
  )

/** A parameter with its name. */
export interface Entry {
  readonly name: string
  readonly variable: Variable.Variable<unknown>
  readonly origin: Variable.ParameterOrigin
}

/** All parameters, flat, in the order of the record. */
export const entries = (self: Any): ReadonlyArray<Entry> =>
  Object.values(self).flatMap((value): ReadonlyArray<Entry> => {
    if (!Variable.isVariable(value)) return entries(value)
    const { origin } = value
    return origin._tag === "Parameter"
      ? [{ name: origin.name, variable: value as Variable.Variable<unknown>, origin }]
      : []
  })

/** The same parameters with new values for some names. Values are taken as they are: see `load` for untrusted ones. */
export const replace = <P extends Any>(self: P, values: ReadonlyMap<string, unknown>): P =>
  Object.fromEntries(
    Object.entries(self).map(([key, value]) => {
      if (!Variable.isVariable(value)) return [key, replace(value, values)]
      const name = Variable.parameterName(value)
      return [key, name !== undefined && values.has(name) ? { ...value, value: values.get(name) } : value]
    })
  ) as P

/** The values as JSON, by name. */
export const save = (self: Any): Saved =>
  Object.fromEntries(entries(self).map(({ name, origin, variable }) => [name, encode(origin, variable.value)]))

/** Saved values back into the parameters of a pipeline, each through its schema; names that are not there are refused. */
export const load = <P extends Any>(self: P, saved: unknown): Effect.Effect<P, ParametersInvalid> =>
  Effect.suspend(() => {
    if (typeof saved !== "object" || saved === null || Array.isArray(saved)) {
      return Effect.fail(new ParametersInvalid({ name: "", message: "saved parameters are an object of names" }))
    }
    const known = new Map(entries(self).map((entry) => [entry.name, entry]))
    const values = new Map<string, unknown>()
    for (const [name, json] of Object.entries(saved)) {
      const entry = known.get(name)
      if (entry === undefined) {
        const message = `there is no parameter "${name}"; there are: ${[...known.keys()].join(", ")}`
        return Effect.fail(new ParametersInvalid({ name, message }))
      }
      const decoded = decode(entry.origin, json)
      if (Result.isFailure(decoded)) {
        return Effect.fail(new ParametersInvalid({ name, message: `"${name}": ${decoded.failure}` }))
      }
      values.set(name, decoded.success)
    }
    return Effect.succeed(replace(self, values))
  })

/** A value as JSON. One that its schema refuses is kept as it is: `load` will say what is wrong with it. */
const encode = (origin: Variable.ParameterOrigin, value: unknown): Schema.Json =>
  Result.getOrElse(Schema.encodeUnknownResult(Schema.toCodecJson(origin.schema))(value), () => value) as Schema.Json

/** A JSON value as a value of a parameter, or what is wrong with it. */
export const decode = (origin: Variable.ParameterOrigin, json: unknown): Result.Result<unknown, string> =>
  Result.mapError(Schema.decodeUnknownResult(Schema.toCodecJson(origin.schema))(json), ({ message }) => message)

/** What other values would change, as JSON before and after. */
export const changes = (
  self: Any,
  values: ReadonlyMap<string, unknown>
): ReadonlyArray<{ readonly parameter: string; readonly before: Schema.Json; readonly after: Schema.Json }> => {
  const [before, after] = [save(self), save(replace(self, values))]
  return Object.keys(before)
    .map((parameter) => ({ parameter, before: before[parameter]!, after: after[parameter]! }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
