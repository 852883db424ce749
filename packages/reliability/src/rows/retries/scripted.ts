/**
 * One call against a model that meets faults, in virtual time, held against what it must come to: its end, its requests,
 * the pauses between them, and the account.
 */
import {
  Completion,
  Generate,
  Journal,
  type JournalRecord,
  Models,
  TextModel,
  type TextModelError,
  UsageMeter
} from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { expected } from "./expected.ts"
import { type Dice, type FaultKind, longestPauseMs, maxReplyLength } from "./faults.ts"

interface Attempt {
  readonly begun: number
  ended: number
}

const dice: Effect.Effect<Dice> = Effect.gen(function* () {
  return {
    attemptMs: yield* Random.nextIntBetween(5000, 120_000),
    takesMs: yield* Random.nextIntBetween(0, 4000),
    usage: {
      calls: 1,
      inputTokens: yield* Random.nextIntBetween(1, 2000),
      cachedInputTokens: 0,
      outputTokens: yield* Random.nextIntBetween(1, 500),
      usd: (yield* Random.nextIntBetween(1, 5000)) / 1e6
    }
  }
})

const provider = (met: (attempt: number) => FaultKind | undefined, dice: Dice, seen: Array<Attempt>) =>
  Layer.succeed(TextModel, {
    complete: () =>
      Effect.gen(function* () {
        const begun = yield* Clock.currentTimeMillis
        const kind = met(seen.length)
        const attempt: Attempt = { begun, ended: begun }
        seen.push(attempt)
        const answer =
          kind?.scripted(dice) ??
          Effect.delay(Effect.succeed(Completion.make("ok", { usage: dice.usage })), dice.takesMs)
        return yield* Effect.ensuring(
          answer,
          Effect.map(Clock.currentTimeMillis, (now) => {
            attempt.ended = now
          })
        )
      })
  })

/** The first pause, doubled for each further one; give or take a fifth where the provider names none. */
const backoffMs = 500

const badPauses = (
  seen: ReadonlyArray<Attempt>,
  attempts: ReadonlyArray<FaultKind | undefined>
): ReadonlyArray<string> =>
  seen.slice(1).flatMap(({ begun }, i) => {
    const pause = begun - seen[i]!.ended
    const own = backoffMs * 2 ** i
    const asked = attempts[i]?.retryAfterMs ?? 0
    const [least, most] = [Math.max(asked, 0.8 * own), 1.25 * Math.max(asked, own) + 1000]
    return pause >= least && pause <= most ? [] : [`a pause of ${pause} ms, not ${least} to ${most}`]
  })

/** What is wrong with the call; nothing, where all is right. */
export const measured = Effect.fnUntraced(function* (met: (attempt: number) => FaultKind | undefined, seed: string) {
  const cast = yield* Random.withSeed(dice, seed)
  const seen: Array<Attempt> = []
  const records: Array<JournalRecord.Record> = []
  const { attempts, tag } = expected(met)

  const call = Generate.text({ prompt: "How are you?", role: "answer" }).pipe(
    Effect.as("ok"),
    Effect.catch((error: TextModelError.TextModelError) => Effect.succeed(error._tag)),
    Effect.zip(Effect.flatMap(UsageMeter, (meter) => Effect.zip(meter.spend, meter.read)))
  )
  const models = Models.layer({
    forward: provider(met, cast, seen),
    maxReplyLength,
    retry: { attemptTimeout: cast.attemptMs, longestPause: longestPauseMs }
  })
  const [ended, [spend, used]] = yield* Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.provide(call, models))
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide([Journal.layerMemory(records), TestClock.layer()]))

  const count = (account: FaultKind["account"]) => attempts.filter((kind) => kind?.account === account).length
  const paid = count("used") + (tag === "ok" ? 1 : 0)
  const noted = (name: JournalRecord.Record["_tag"]) => records.filter(({ _tag }) => _tag === name).length
  // a cut or filtered reply is one; an attempt that ran out of time was broken off, and never came back
  const answered = (kind: FaultKind | undefined) =>
    kind === undefined || ["ContentFiltered", "ReplyCut"].includes(kind.tag)
  const replied = attempts.filter(answered).length
  const returned = attempts.filter((kind) => !answered(kind) && kind?.tag !== "TimedOut").length
  const usd = Math.round(spend.usd * 1e6)
  const facts: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ["the end", ended, tag],
    ["requests", seen.length, attempts.length],
    ["requests in the account", spend.requests, attempts.length],
    ["lost in the account", spend.lost, count("lost")],
    ["millionths of a dollar", usd, paid * Math.round(cast.usage.usd! * 1e6)],
    ["completions in the meter", used.calls, replied],
    ["Sent in the journal", noted("Sent"), attempts.length],
    ["Returned in the journal", noted("Returned"), returned],
    ["Replied in the journal", noted("Replied"), replied],
    ["Failed in the journal", noted("Failed"), 1 - replied]
  ]
  return [
    ...facts.flatMap(([what, is, should]) => (is === should ? [] : [`${what}: ${String(is)}, not ${String(should)}`])),
    ...badPauses(seen, attempts)
  ]
})
