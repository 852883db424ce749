/**
 * Replies shared between runs. What was answered once is not paid again: not by the next run, and not by equal questions
 * that are under way at once.
 *
 * Off unless a layer provides it, because a cached reply is the same reply: whoever wants several replies to one question
 * asks for several samples. A cache may be slow, damaged, full or gone: at worst a question is paid again.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Key from "../journal/Key.ts"
import { type Completion, noUsage } from "../model/Completion.ts"
import { decorated, type Service as Model } from "../model/Service.ts"
import { sha256 } from "../model/sha256.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Entry from "./Entry.ts"
import { folder } from "./folder.ts"
import { memory } from "./memory.ts"
import type { Options, Store, StoreFailed } from "./Store.ts"
import * as SingleFlight from "./singleFlight.ts"

/** What a cache did since it was opened, in replies. */
export interface Counts {
  /** Given from the store. */
  readonly hits: number
  /** Given to a question that came while an equal one was under way. */
  readonly shared: number
  /** Put into the store. */
  readonly stored: number
}

/** The cache of a process. */
export interface Service {
  /**
   * A model that answers from the cache where it can, at no usage; belongs outside of budgets and retries, inside of a
   * journal. Failures are shared with those who wait, and never kept.
   *
   * A model without an identity could be any: its replies are kept for itself, in memory alone.
   */
  readonly cached: (model: Model) => Model
  readonly counts: Effect.Effect<Counts>
}

/** No cache: every question is asked. */
export const none: Service = {
  cached: (model) => model,
  counts: Effect.succeed({ hits: 0, shared: 0, stored: 0 })
}

/** The cache in use; none unless one is provided. */
export const Cache: Context.Reference<Service> = Context.Reference<Service>("@backprose/core/Cache", {
  defaultValue: () => none
})

/** What a cache complains of: each once in its life, however many calls meet it. */
type Trouble = StoreFailed["kind"] | "damaged"

const words: { readonly [kind in Trouble]: string } = {
  read: "the reply cache cannot be read; what it may hold is asked again",
  write: "the reply cache cannot be written; replies are used and not kept",
  evict: "the reply cache cannot be tidied; it may grow beyond its limit",
  damaged: "the reply cache holds entries that are not what was written; what they answered is asked again"
}

/** A reply, and whether the store had it. */
interface Answer {
  readonly completion: Completion
  readonly hit: boolean
}

/** A cache over any store. */
export const make = (store: Store): Service => {
  const counted = { hits: 0, shared: 0, stored: 0 }
  const said = new Set<Trouble>()
  const warn = (kind: Trouble, detail?: string) =>
    Effect.suspend(() => {
      if (said.has(kind)) return Effect.void
      said.add(kind)
      return Effect.logWarning(detail === undefined ? words[kind] : `${words[kind]} (${detail})`)
    })
  // a store that dies is no reason for a run to fail, either
  const tolerated = <A>(kind: Trouble, effect: Effect.Effect<A, StoreFailed>): Effect.Effect<A | undefined> =>
    effect.pipe(
      Effect.catchTag("StoreFailed", (failure) => Effect.as(warn(failure.kind, failure.message), undefined)),
      Effect.catchCause((cause) =>
        Cause.hasInterrupts(cause)
          ? Effect.failCause(cause)
          : Effect.as(warn(kind, String(Cause.squash(cause))), undefined)
      )
    )

  const lookUp = Effect.fnUntraced(function* (from: Store, key: string, question: string) {
    const text = yield* tolerated("read", from.get(key))
    if (text === undefined) return undefined
    const read = Entry.decode(question, text)
    if (read._tag === "Reply") return read.completion
    if (read._tag === "Damaged") yield* warn("damaged")
    return undefined
  })

  const keep = (to: Store, key: string, question: string, completion: Completion) =>
    tolerated(
      "write",
      Effect.tap(
        Effect.suspend(() => to.set(key, Entry.encode(question, completion))),
        () => Effect.sync(() => void counted.stored++)
      )
    )

  const shared = { store, once: SingleFlight.make<Answer, TextModelError>() }
  const cached = (model: Model): Model => {
    const { identity } = model
    const { store, once } =
      identity === undefined ? { store: memory(), once: SingleFlight.make<Answer, TextModelError>() } : shared
    return decorated(model, (request) =>
      Effect.suspend(() => {
        const question = Key.question(request, identity)
        const key = sha256(question)
        const answer = Effect.uninterruptibleMask((restore) =>
          Effect.flatMap(restore(lookUp(store, key, question)), (completion) =>
            completion === undefined
              ? restore(model.complete(request)).pipe(
                  // what was paid for is kept, also where the caller leaves just now
                  Effect.tap((fresh) => (Entry.isKeepable(fresh) ? keep(store, key, question, fresh) : Effect.void)),
                  Effect.map((fresh): Answer => ({ completion: fresh, hit: false }))
                )
              : Effect.succeed<Answer>({ completion, hit: true })
          )
        )
        return Effect.map(once(key, answer), ({ value: { completion, hit }, led }) => {
          if (led && !hit) return completion
          counted[hit ? "hits" : "shared"]++
          return { ...completion, usage: noUsage }
        })
      })
    )
  }
  return { cached, counts: Effect.sync(() => ({ ...counted })) }
}

/** A cache over a store of your own. */
export const layer = (store: Store): Layer.Layer<never> => Layer.sync(Cache, () => make(store))

/** A cache in this process: for tests, and for several runs in one program. */
export const layerMemory = (options: Partial<Options> = {}): Layer.Layer<never> =>
  Layer.sync(Cache, () => make(memory(options)))

/**
 * A cache in a folder that any number of processes share. The folder is made when there is something to keep.
 *
 * **Example**
 *
 * ```ts
 * import { NodeServices } from "@effect/platform-node"
 * import { Cache, Models } from "@backprose/core"
 * import { OpenAi } from "@backprose/openai"
 * import { Layer } from "effect"
 *
 * const models = Models.layer({ forward: OpenAi.model("gpt-5-mini") }).pipe(
 *   Layer.provide(Cache.layerFolder(".cache/replies")),
 *   Layer.provide(NodeServices.layer)
 * )
 * ```
 */
export const layerFolder = (path: string, options: Partial<Options> = {}): Layer.Layer<never, never, FileSystem> =>
  Layer.effect(Cache, Effect.map(folder(path, options), make))
