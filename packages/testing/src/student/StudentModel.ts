/**
 * A model without a model: deterministic, and it gets better exactly when its instructions contain what the critic says.
 * Whole optimisations run on it offline, in milliseconds, and must converge.
 */
import type { ModelRoles } from "@backprose/core"
import type * as Layer from "effect/Layer"
import type { Respond } from "../scripted/Reply.ts"
import { ScriptedModel } from "../scripted/ScriptedModel.ts"
import * as Student from "./Student.ts"

export type { Options } from "./Student.ts"
export { type Example, type Options as TaskOptions, task } from "./task.ts"

/**
 * All three roles, by the purpose of each request: forward it answers right where its system prompt states the rule for
 * the message, or demonstrates it; as critic it repeats the rules in the feedback word for word; as editor it appends
 * those it is shown to the old value, or to the best of the versions; as judge it holds what it is shown against the rules
 * in its objective. `ScriptedModel` records what it was asked.
 *
 * **Example**
 *
 * ```ts
 * import { TextualGradientDescent, Trainer, ValidationGate } from "@backprose/core"
 * import { StudentModel } from "@backprose/testing"
 * import { Effect, Layer } from "effect"
 *
 * const task = StudentModel.task()
 * const learned = Trainer.fit(task).pipe(
 *   Trainer.result(task),
 *   Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
 *   Effect.provide(StudentModel.layer())
 * )
 * ```
 */
export const layer = (options: Partial<Student.Options> = {}): Layer.Layer<ModelRoles | ScriptedModel> =>
  ScriptedModel.respond(respond(options))

/** The student's replies as a function of the request alone, for `Simulation` and models of your own. */
export const respond = (options: Partial<Student.Options> = {}): Respond =>
  Student.reply({ ...Student.defaults, ...options })
