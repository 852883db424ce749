/**
 * The optimisation loop as a stream of events: select a candidate, draw a minibatch, run it forward, differentiate,
 * propose, gate, keep or drop, again. Everything pluggable is a service: models, optimizer, selector.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as Secrets from "../model/Secrets.ts"
import type { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameters from "../parameter/Parameters.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import type { Selector } from "../selector/Selector.ts"
import type { Task } from "../task/Task.ts"
import type { Event } from "./Event.ts"
import { train } from "./loop.ts"
import { complete, type Options } from "./Options.ts"
import type { TrainingError } from "./State.ts"

export { defaults, type Options } from "./Options.ts"

export type { TrainingError } from "./State.ts"

/**
 * Improves the parameters of a task over its training set.
 *
 * The stream ends with `RunFinished`, also when a budget ran out: the best so far is handed out then. It fails with a
 * typed error where going on makes no sense (no key, no such model, a provider that stays away).
 */
export const fit = <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  options: Partial<Options> = {}
): Stream.Stream<Event, E | TrainingError, R | RB | Optimizer | Selector> =>
  Stream.callback(
    (queue) =>
      Effect.gen(function* () {
        const meter = yield* UsageMeter
        const settings = complete(options)
        // what a metric said, what a parameter held before anyone knew better
        const { maskAll } = yield* Secrets.Known
        yield* train(task, settings, (event) =>
          Effect.gen(function* () {
            const [at, usage, spend] = yield* Effect.all([Clock.currentTimeMillis, meter.read, meter.spend])
            yield* Queue.offer(queue, maskAll({ ...event, run: settings.run, at, usage, spend } as Event))
          })
        )
        yield* Queue.end(queue)
      }).pipe(Effect.catchCause((cause) => Queue.failCause(queue, cause))),
    // a run waits for whoever reads its events: it must not spend calls that a reader who stops here did not want
    { bufferSize: 16, strategy: "suspend" }
  )

/** The parameters at the end of a run, of the task's own type; where the stream was cut short, the last checkpoint. */
export const result =
  <P extends Parameters.Any>(task: { readonly parameters: P }) =>
  <E, R>(events: Stream.Stream<Event, E, R>): Effect.Effect<P, E | Parameters.ParametersInvalid, R> =>
    Effect.flatMap(
      Stream.runFold(
        events,
        () => Option.none<Parameters.Saved>(),
        (last, event) =>
          event._tag === "Checkpointed" || event._tag === "RunFinished" ? Option.some(event.parameters) : last
      ),
      Option.match({
        onNone: () => Effect.succeed(task.parameters),
        onSome: (saved) => Parameters.load(task.parameters, saved)
      })
    )
