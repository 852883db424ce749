/**
 * The contexts of a model, lent one at a time. Each keeps the state of the last prompt it saw, so a request goes to the
 * free one that shares the longest beginning with it: what they share is not evaluated again.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp"
import { EngineUnavailable } from "./EngineUnavailable.ts"

export interface Options {
  /** How many requests are answered at once. */
  readonly contexts: number
  readonly threads: number
  /** Prompt and reply together, in tokens. */
  readonly contextSize: number
}

export interface Slots {
  readonly size: number
  /** Runs with the best free context, waiting for one when all are taken. */
  readonly withSlot: <A, E, R>(
    prompt: ReadonlyArray<Token>,
    use: (sequence: LlamaContextSequence) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

const makeContext = (model: LlamaModel, options: Options) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: (createSignal) =>
        model.createContext({ contextSize: options.contextSize, threads: options.threads, createSignal }),
      catch: (cause) =>
        new EngineUnavailable({
          message: `No memory for a context of ${options.contextSize} tokens (${String(cause)}): ask for fewer contexts or a smaller size`
        })
    }),
    (context) => Effect.promise(() => context.dispose())
  )

export const make = (model: LlamaModel, options: Options): Effect.Effect<Slots, EngineUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const contexts = yield* Effect.replicateEffect(makeContext(model, options), options.contexts)
    // least recently used first: among equals the oldest state is the one to give up
    const free = contexts.map((context) => context.getSequence())
    const permits = yield* Semaphore.make(free.length)

    const take = (prompt: ReadonlyArray<Token>): LlamaContextSequence => {
      const shared = free.map((sequence) => sequence.compareContextTokens(prompt as Array<Token>).firstDifferentIndex)
      const best = shared.indexOf(Math.max(...shared))
      return free.splice(best, 1)[0] as LlamaContextSequence
    }
    return {
      size: contexts.length,
      withSlot: (prompt, use) =>
        permits.withPermit(
          Effect.acquireUseRelease(
            Effect.sync(() => take(prompt)),
            use,
            (sequence) => Effect.sync(() => void free.push(sequence))
          )
        )
    }
  })
