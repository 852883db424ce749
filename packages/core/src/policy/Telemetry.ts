/**
 * Spans and metrics of model calls, under the names of the OpenTelemetry conventions. No text of a prompt or reply is in
 * them unless it is asked for.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Span } from "effect/Tracer"
import { Place } from "../model/Place.ts"
import { decorated, type Service } from "../model/Service.ts"
import { isOwnRefusal, isTextModelError } from "../model/TextModelError.ts"
import type { Attributes } from "./genAi.ts"
import * as genAi from "./genAi.ts"
import * as Metrics from "./Metrics.ts"

/** Whether spans hold what was asked and answered. Off: prompts are nobody's business but the model's. */
export const CapturesText: Context.Reference<boolean> = Context.Reference<boolean>("@backprose/core/CapturesText", {
  defaultValue: () => false
})

/** The call under way: how often its provider was asked. */
const Attempts = Context.Reference<{ count: number }>("@backprose/core/Telemetry/Attempts", {
  defaultValue: () => ({ count: 0 })
})

/** What went wrong, as the conventions want it; nothing where it was only stopped. */
const errorOf = (exit: Exit.Exit<unknown, unknown>): string | undefined => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return undefined
  const error = Cause.squash(exit.cause)
  return isTextModelError(error) ? error._tag : "_OTHER"
}

const annotate = (span: Span, attributes: Attributes): void => {
  for (const name in attributes) span.attribute(name, attributes[name])
}

const untraced = { captureStackTrace: false }

/** A model each of whose calls is a span, retries and answers from a journal or cache included. */
export const called = (model: Service): Service => {
  const { identity } = model
  const name = identity === undefined ? "chat" : `chat ${identity.model}`
  const fixed = { ...genAi.ofModel(identity), ...(identity === undefined ? {} : genAi.ofServer(identity)) }
  const metrics = Metrics.of(identity)
  return decorated(model, (request) =>
    Effect.useSpan(name, { kind: "client" }, (span) =>
      Effect.withFiber((fiber) => {
        const captures = fiber.getRef(CapturesText)
        const attempts = { count: 0 }
        annotate(span, fixed)
        span.attribute("backprose.purpose", request.purpose)
        span.attribute("backprose.place", fiber.getRef(Place))
        annotate(span, genAi.ofRequest(request))
        if (captures) annotate(span, genAi.promptOf(request))
        const { context } = fiber
        const asked = Effect.provideService(model.complete(request), Attempts, attempts)
        return Effect.onExitPrimitive(Effect.withParentSpan(asked, span, untraced), (exit) => {
          const error = errorOf(exit)
          span.attribute("backprose.attempts", attempts.count)
          if (Exit.isSuccess(exit)) {
            annotate(span, genAi.ofCompletion(exit.value))
            if (captures) annotate(span, genAi.replyOf(exit.value))
          } else if (error !== undefined) span.attribute("error.type", error)
          metrics.called(context, request, attempts.count, error)
          return undefined
        })
      })
    )
  )
}

/** A model whose attempts are counted and timed, the deadline of each included. */
export const attempted = (model: Service): Service => {
  const metrics = Metrics.of(model.identity)
  return decorated(model, (request) =>
    Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const begun = clock.currentTimeMillisUnsafe()
      const attempts = fiber.getRef(Attempts)
      const { context } = fiber
      return Effect.onExitPrimitive(model.complete(request), (exit) => {
        const error = errorOf(exit)
        // a refusal of our own is no attempt
        if (error !== undefined && isOwnRefusal({ _tag: error })) return undefined
        attempts.count += 1
        const seconds = (clock.currentTimeMillisUnsafe() - begun) / 1000
        if (Exit.isSuccess(exit)) metrics.attempted(context, request, seconds, { completion: exit.value })
        else if (error !== undefined) metrics.attempted(context, request, seconds, { error })
        return undefined
      })
    })
  )
}
