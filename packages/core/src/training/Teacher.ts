/**
 * Lessons of a teacher: what another model, or the same with better parameters, does on the training set. `Bootstrap` and
 * `Mipro` make demonstrations of what came out right.
 */
import * as Effect from "effect/Effect"
import { within } from "../model/Place.ts"
import * as Lesson from "../optimizer/Lesson.ts"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import * as Parameters from "../parameter/Parameters.ts"
import type { Task } from "../task/Task.ts"
import { forward } from "./forward.ts"
import { defaults } from "./Options.ts"

export interface Options<P> {
  /** The parameters that the teacher works with. Default: the task's own. */
  readonly parameters?: P
  /** Examples that run at once. Default 16. */
  readonly concurrency?: number
}

/**
 * The task's forward pass and its judgement once a training example, by the models it is provided with: right and wrong
 * ones. Examples that fail are left out; where all fail, so does this.
 *
 * **Example**
 *
 * ```ts
 * import { Bootstrap, type ModelSource, type Task, Teacher, TextModel } from "@backprose/core"
 * import { Effect } from "effect"
 *
 * const taught = (task: Task.Any, teacher: ModelSource<never, never>) =>
 *   Teacher.lessons(task).pipe(
 *     Effect.provide(TextModel.layer(teacher)),
 *     Effect.map((lessons) => Bootstrap.layer({ lessons, most: 8 }))
 *   )
 * ```
 */
export const lessons = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  options: Options<P> = {}
) {
  const { evidence } = yield* forward(
    task,
    options.parameters ?? task.parameters,
    task.train.map((_, place) => place),
    { concurrency: options.concurrency ?? defaults.concurrency, onFailure: "skip" },
    () => Effect.void
  ).pipe(within("lessons"))
  return Parameters.entries(task.parameters)
    .filter(({ origin }) => Demonstrations.isOf(origin))
    .flatMap(({ name }) => Lesson.from(evidence, name))
})
