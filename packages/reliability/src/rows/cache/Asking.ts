/** A model that counts what it is paid for, behind the cache, and a log that is listened to. */
import { Cache, Completion, Request, type TextModelService } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"

export const request = (content: string): Request.Request =>
  Request.make({ purpose: "forward", messages: [{ role: "user", content }] })

/** How many calls were paid, by question. */
export type Paid = Map<string, number>

export const total = (paid: Paid): number => [...paid.values()].reduce((a, b) => a + b, 0)

/** Answers a question with a text that tells which question it was and, after a `#`, the how-manieth call. */
export const model = (paid: Paid, answer: (question: string, call: number) => string): TextModelService => ({
  identity: { provider: "test", model: "counting", endpoint: "http://127.0.0.1:9/v1" },
  complete: ({ messages }) =>
    Effect.suspend(() => {
      const question = String(messages[0]?.content)
      const call = (paid.get(question) ?? 0) + 1
      paid.set(question, call)
      // like any provider, it does not answer at once
      return Effect.as(Effect.yieldNow, Completion.make(answer(question, call), { model: "counting" }))
    })
})

/** What came of asking. */
export interface Outcome {
  readonly question: string
  /** `undefined`: the call failed. */
  readonly text: string | undefined
}

/** Asks through the cache in use, and gives what came of each question. */
export const askAll = (
  questions: ReadonlyArray<string>,
  of: TextModelService,
  concurrency = 8
): Effect.Effect<ReadonlyArray<Outcome>> =>
  Effect.flatMap(Cache.Cache, ({ cached }) => {
    const { complete } = cached(of)
    return Effect.forEach(
      questions,
      (question) =>
        Effect.map(
          Effect.exit(complete(request(question))),
          (exit): Outcome => ({ question, text: Exit.isSuccess(exit) ? exit.value.text : undefined })
        ),
      { concurrency }
    )
  })

/** Warnings, by what they say before their detail. */
export const listening = (said: Array<string>): Layer.Layer<never> =>
  Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])

/** Warnings that came more than once, without the detail in brackets. */
export const repeated = (said: ReadonlyArray<string>): ReadonlyArray<string> => {
  const kinds = said.map((line) => line.replace(/ \(.*$/s, ""))
  return kinds.filter((kind, i) => kinds.indexOf(kind) !== i)
}
