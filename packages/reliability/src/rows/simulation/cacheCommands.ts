/** Any commands on a cache, against a plain map of what it should know. */
import { Cache, type CacheStore, CacheStoreFailed, Completion, Request, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"

const question = Schema.Literals(["a", "b", "ab"])

export const Command = Schema.Union([
  Schema.TaggedStruct("Ask", {
    question,
    reply: Schema.Literals(["whole", "empty", "cut", "failed"]),
    atOnce: Schema.Literals([1, 3])
  }),
  Schema.TaggedStruct("Damage", { how: Schema.Literals(["flip", "cut", "swap", "lose"]) }),
  Schema.TaggedStruct("Disk", { reads: Schema.Boolean, writes: Schema.Boolean }),
  Schema.TaggedStruct("Reopen", {})
])
export type Command = typeof Command.Type

const spoil = (entries: Map<string, string>, how: (Command & { readonly _tag: "Damage" })["how"]): void => {
  const [first, second] = [...entries]
  for (const [key, entry] of entries) {
    const half = Math.floor(entry.length / 2)
    if (how === "lose") entries.delete(key)
    if (how === "cut") entries.set(key, entry.slice(0, half))
    // always another one, also where it was flipped before
    if (how === "flip") {
      const code = entry.charCodeAt(half) || 0
      entries.set(key, `${entry.slice(0, half)}${String.fromCharCode(code + 1)}${entry.slice(half + 1)}`)
    }
  }
  if (how === "swap" && first !== undefined && second !== undefined) {
    entries.set(first[0], second[1])
    entries.set(second[0], first[1])
  }
}

/** Plays a script; `false` where the cache and the map disagree. */
export const holds = Effect.fnUntraced(function* (script: ReadonlyArray<Command>) {
  const entries = new Map<string, string>()
  const known = new Map<string, string>()
  const disk = { reads: true, writes: true }
  const store: CacheStore = {
    get: (key) =>
      Effect.suspend(() =>
        disk.reads
          ? Effect.succeed(entries.get(key))
          : Effect.fail(new CacheStoreFailed({ kind: "read", message: "EIO" }))
      ),
    set: (key, entry) =>
      Effect.suspend(() =>
        disk.writes
          ? Effect.sync(() => void entries.set(key, entry))
          : Effect.fail(new CacheStoreFailed({ kind: "write", message: "ENOSPC" }))
      )
  }
  let cache = Cache.make(store)
  for (const [turn, command] of script.entries()) {
    if (command._tag === "Reopen") cache = Cache.make(store)
    if (command._tag === "Disk") Object.assign(disk, { reads: command.reads, writes: command.writes })
    if (command._tag === "Damage") {
      // an entry beside another is spared by a swap of one
      if (command.how !== "swap" || entries.size > 1) known.clear()
      if (command.how === "swap" && entries.size > 2) entries.clear()
      spoil(entries, command.how)
    }
    if (command._tag !== "Ask") continue
    const { atOnce, question, reply } = command
    let asked = 0
    const text = reply === "empty" ? " " : `${question} at ${turn}`
    const { complete } = cache.cached({
      identity: { provider: "test", model: "one" },
      complete: () =>
        Effect.gen(function* () {
          asked += 1
          yield* Effect.yieldNow
          if (reply === "failed") return yield* new TextModelError.ProviderUnavailable({ message: text })
          return Completion.make(text, { finishReason: reply === "cut" ? "length" : "stop" })
        })
    })
    const exits = yield* Effect.all(
      Array.from({ length: atOnce }, () =>
        Effect.exit(complete(Request.make({ purpose: "forward", messages: [{ role: "user", content: question }] })))
      ),
      { concurrency: "unbounded" }
    )
    const expected = disk.reads ? known.get(question) : undefined
    const wanted = expected ?? (reply === "failed" ? undefined : text)
    if (asked !== (expected === undefined ? 1 : 0)) return false
    if (!exits.every((exit) => (Exit.isSuccess(exit) ? exit.value.text : undefined) === wanted)) return false
    if (expected === undefined && reply === "whole" && disk.writes) known.set(question, text)
  }
  return true
})
