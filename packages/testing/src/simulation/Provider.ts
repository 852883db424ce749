/**
 * The models of a simulated run: the provider, which answers or fails as the weather has it, and a witness outside of all
 * policies, who notes what the program asked for and what it got.
 */
import { JournalKey, Place, type Request, TextModel, type TextModelService } from "@backprose/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { answer, type Respond } from "../scripted/Reply.ts"
import type { Fact, Question } from "./History.ts"
import { type Fate, fate, type Spoilt, type Weather } from "./Weather.ts"

/** A call under way, as the witness tells the provider of it. */
interface Call extends Question {
  readonly id: number
  attempts: number
}

const CurrentCall = Context.Reference<Call | undefined>("@backprose/testing/simulation/Call", {
  defaultValue: () => undefined
})

/** Stands in every spoilt reply: wherever else it is found, somebody took such a reply for a value. */
export const poison = "☠ spoilt ☠"

export interface Options {
  readonly seed: string
  readonly weather: Weather
  readonly epoch: number
  /** What the model says where nothing goes wrong: a function of the request alone. */
  readonly respond: Respond
  readonly note: (fact: Fact) => void
}

/** A provider under the name of a model. */
export const layer = (model: string, options: Options): Layer.Layer<TextModel> =>
  Layer.succeed(TextModel, {
    identity: { provider: "simulated", model },
    complete: (request) =>
      Effect.flatMap(CurrentCall, (call) => {
        if (call === undefined) return Effect.die("a request came around the models of the simulation")
        const attempt = ++call.attempts
        options.note({ _tag: "RequestBegan", call: call.id, attempt })
        return meet(fate(options.seed, options.weather, call, attempt, options.epoch), request, options.respond).pipe(
          Effect.onExit((exit) =>
            Effect.sync(() =>
              options.note({ _tag: "RequestEnded", call: call.id, attempt, ...outcomeOf(exit), ...pauseOf(exit) })
            )
          )
        )
      })
  })

const meet = (what: Fate, request: Request.Request, respond: Respond): ReturnType<TextModelService["complete"]> => {
  switch (what._tag) {
    case "Silence":
      return Effect.never
    case "Failure":
      return Effect.andThen(Effect.sleep(what.afterMs), Effect.fail(what.error))
    case "Reply":
      return Effect.sleep(what.afterMs).pipe(
        Effect.andThen(answer(respond, request)),
        Effect.map((reply) => ({
          ...reply,
          usage: { calls: 1, inputTokens: 10, cachedInputTokens: 0, outputTokens: Math.ceil(reply.text.length / 4) },
          ...(what.spoilt === undefined ? {} : spoil(what.spoilt, reply.text, request))
        }))
      )
  }
}

const spoil = (how: Spoilt, text: string, { output }: Request.Request) => {
  const half = `${poison}${text.slice(0, text.length / 2)}`
  switch (how) {
    case "cut":
      return { text: half, finishReason: "length" } as const
    case "filtered":
      return { text: half, finishReason: "content-filter" } as const
    case "empty":
      return { text: " \n", finishReason: "stop" } as const
    case "unreadable":
      // any text can be read as a text; one that calls a tool cannot
      return { text: half, finishReason: output === undefined ? "tool-calls" : "stop" } as const
  }
}

/** A model whose calls are noted from the outside, in the order in which they are made. */
export const witness = (note: (fact: Fact) => void): ((model: TextModelService) => TextModelService) => {
  const asked = new Map<string, number>()
  let calls = 0
  return (model) => ({
    ...model,
    complete: (request) =>
      Effect.flatMap(Place.Place, (place) => {
        const key = JournalKey.of(request, model.identity)
        const occurrence = asked.get(`${key} ${place}`) ?? 0
        asked.set(`${key} ${place}`, occurrence + 1)
        const call: Call = { id: calls++, place, key, occurrence, attempts: 0 }
        note({ _tag: "CallBegan", call: call.id, purpose: request.purpose, place, key, occurrence })
        return model.complete(request).pipe(
          Effect.provideService(CurrentCall, call),
          Effect.onExit((exit) =>
            Effect.sync(() =>
              note({
                _tag: "CallEnded",
                call: call.id,
                ...outcomeOf(exit),
                ...(Exit.isSuccess(exit) ? { text: exit.value.text } : {})
              })
            )
          )
        )
      })
  })
}

const outcomeOf = (exit: Exit.Exit<unknown, { readonly _tag: string }>): { readonly outcome: string } => {
  if (Exit.isSuccess(exit)) return { outcome: "replied" }
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return { outcome: failure?._tag === "Fail" ? failure.error._tag : "interrupted" }
}

const pauseOf = (exit: Exit.Exit<unknown, unknown>): { readonly retryAfterMs?: number } => {
  if (Exit.isSuccess(exit)) return {}
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  const error = failure?._tag === "Fail" ? failure.error : undefined
  return typeof error === "object" &&
    error !== null &&
    "retryAfterMs" in error &&
    typeof error.retryAfterMs === "number"
    ? { retryAfterMs: error.retryAfterMs }
    : {}
}
