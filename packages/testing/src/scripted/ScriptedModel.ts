/**
 * ModelRoles that say what a test tells them to, and record what they were asked.
 */
import {
  BackwardModel,
  ModelIdentity,
  type ModelRoles,
  OptimizerModel,
  type Request,
  TextModel,
  type TextModelService
} from "@backprose/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { answer, type Respond } from "./Reply.ts"
import * as Script from "./Script.ts"
import { ScriptExhausted } from "./ScriptError.ts"

/** What a test can ask a scripted model. */
export interface Service {
  /** Every request so far, of all roles, in the order of arrival. */
  readonly requests: Effect.Effect<ReadonlyArray<Request.Request>>
  /** How many requests came so far: of one purpose, or of all. */
  readonly calls: (purpose?: Request.Purpose) => Effect.Effect<number>
  /** The model itself, for a test that plays one role with it: `BackwardModel.layer(critic.layer)`. */
  readonly layer: Layer.Layer<TextModel>
}

/**
 * A model that plays all three roles from a script.
 *
 * The script must fit exactly. A call beyond it is a `ScriptExhausted` defect that names the call; replies that are left
 * when the layer's scope closes are a `ScriptNotUsedUp` defect that names them. Both fail the test, also where the
 * program under test catches everything.
 *
 * **Example**
 *
 * ```ts
 * import { Generate, TextModelError } from "@backprose/core"
 * import { ScriptedModel } from "@backprose/testing"
 * import { Effect } from "effect"
 *
 * const test = Effect.gen(function* () {
 *   const answer = yield* Generate.text({ prompt: "What is 2 + 2?", role: "answer" })
 *   const model = yield* ScriptedModel
 *   return [answer.value, yield* model.calls("forward")] // => ["4", 1]
 * }).pipe(Effect.provide(ScriptedModel.layer(["4"])))
 *
 * // one list a purpose, where the calls of different purposes interleave
 * const models = ScriptedModel.layer({
 *   forward: ["a draft", new TextModelError.RateLimited({ message: "slow down" })],
 *   judge: [{ feedback: "Too long.", score: 0.5 }]
 * })
 * ```
 */
export class ScriptedModel extends Context.Service<ScriptedModel, Service>()("@backprose/testing/ScriptedModel") {
  /** All three roles from one script. */
  static layer(script: Script.Script): Layer.Layer<ModelRoles | ScriptedModel> {
    return layerOf(ScriptedModel.make(script))
  }

  /**
   * All three roles from one function of the request: the replies do not depend on the order of the calls, so it suits
   * tests under concurrency. There is nothing to use up.
   */
  static respond(respond: Respond): Layer.Layer<ModelRoles | ScriptedModel> {
    return layerOf(Effect.sync(() => recorder((request) => answer(respond, request))))
  }

  /** A scripted model of its own, where each role of a test has another script. */
  static make(script: Script.Script): Effect.Effect<Service, never, Scope.Scope> {
    return Effect.gen(function* () {
      const reading = Script.read(script)
      yield* Effect.addFinalizer((exit) => {
        // a test that failed already says what is wrong
        const leftover = Exit.isSuccess(exit) ? reading.leftover() : undefined
        return leftover === undefined ? Effect.void : Effect.die(leftover)
      })
      return recorder((request) => {
        const reply = reading.next(request)
        return reply instanceof ScriptExhausted ? Effect.die(reply) : answer(reply, request)
      })
    })
  }
}

const identity = ModelIdentity.named({ provider: "scripted", model: "scripted" })

const recorder = (complete: TextModelService["complete"]): Service => {
  const requests: Array<Request.Request> = []
  return {
    requests: Effect.sync(() => [...requests]),
    calls: (purpose) =>
      Effect.sync(() => requests.filter((request) => purpose === undefined || request.purpose === purpose).length),
    layer: Layer.succeed(TextModel, {
      identity,
      complete: (request) =>
        Effect.suspend(() => {
          requests.push(request)
          return complete(request)
        })
    })
  }
}

const layerOf = (make: Effect.Effect<Service, never, Scope.Scope>): Layer.Layer<ModelRoles | ScriptedModel> =>
  Layer.unwrap(
    Effect.map(make, (service) =>
      Layer.mergeAll(BackwardModel.layerSame, OptimizerModel.layerSame).pipe(
        Layer.provideMerge(service.layer),
        Layer.merge(Layer.succeed(ScriptedModel, service))
      )
    )
  )
