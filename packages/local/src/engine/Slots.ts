/**
 * The contexts of a model, lent to one request at a time. Each keeps the state of the last prompt it saw, so a request
 * goes to the free one that shares the longest beginning with it: what they share is not evaluated again. There are more
 * contexts than requests at once, for prompts of different kinds that take turns (solver, critic, editor).
 */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp"
import { EngineUnavailable } from "./EngineUnavailable.ts"

export interface Options {
  /** How many requests are answered at once. */
  readonly parallel: number
  /** How many contexts there may be; made when they are first needed. */
  readonly kept: number
  readonly threads: number
  /** Prompt and reply together, in tokens. */
  readonly contextSize: number
}

export interface Slots {
  /** Runs with the best free context, waiting while `parallel` requests are under way. */
  readonly withSlot: <A, E, R>(
    prompt: ReadonlyArray<Token>,
    use: (sequence: LlamaContextSequence) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

// prompts of different kinds still begin alike: a template's first tokens, "You are the ..."
const worthKeeping = 32

/** What a free context has to offer: tokens in common with the prompt, and tokens it holds at all. */
export interface Offer {
  readonly shared: number
  readonly held: number
}

/**
 * Which of the free contexts to take, the longest unused first; -1 for a new one, so that no kind of prompt pushes out
 * another one while there is room.
 */
export const choose = (offers: ReadonlyArray<Offer>, mayGrow: boolean): number => {
  const best = offers.reduce((found, { shared }, index) => (shared > offers[found]!.shared ? index : found), 0)
  if (offers[best]!.shared >= worthKeeping) return best
  const empty = offers.findIndex(({ held }) => held === 0)
  return empty >= 0 ? empty : mayGrow ? -1 : 0
}

const makeSequence = (model: LlamaModel, options: Options) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: (createSignal) =>
        model.createContext({ contextSize: options.contextSize, threads: options.threads, createSignal }),
      catch: (cause) =>
        new EngineUnavailable({
          message: `There is no memory for a context of ${options.contextSize} tokens (${String(cause)}). Ask for a smaller one`
        })
    }),
    (context) => Effect.promise(() => context.dispose())
  ).pipe(Effect.map((context) => context.getSequence()))

/** Makes as many contexts as work in parallel now, the others as they are needed; all are released with the scope. */
export const make = (model: LlamaModel, options: Options): Effect.Effect<Slots, EngineUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const grow = Scope.provide(makeSequence(model, options), yield* Effect.scope)
    const permits = yield* Semaphore.make(options.parallel)
    // the longest unused first; who holds a permit finds at least one here
    const free = yield* Effect.replicateEffect(grow, options.parallel)
    let room = options.kept - options.parallel

    const take = (prompt: ReadonlyArray<Token>): Effect.Effect<LlamaContextSequence> =>
      Effect.suspend(() => {
        const offers = free.map((sequence) => ({
          shared: sequence.compareContextTokens(prompt as Array<Token>).firstDifferentIndex,
          held: sequence.nextTokenIndex
        }))
        const index = choose(offers, room > 0)
        if (index >= 0) return Effect.succeed(free.splice(index, 1)[0]!)
        room -= 1
        return Effect.catch(grow, () => {
          // memory has run out: from here on, the contexts that are there must do
          room = 0
          return take(prompt)
        })
      })

    return {
      withSlot: (prompt, use) =>
        permits.withPermit(
          Effect.acquireUseRelease(take(prompt), use, (sequence) => Effect.sync(() => void free.push(sequence)))
        )
    }
  })
