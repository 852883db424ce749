/** A store in this process: what was not used for longest makes room for what is new. */
import * as Effect from "effect/Effect"
import { defaults, type Options, type Store } from "./Store.ts"

// a letter takes two bytes at most
const bytes = (entry: string): number => 2 * entry.length

export const memory = (options: Partial<Options> = {}): Store => {
  const { maxBytes } = { ...defaults, ...options }
  // a map goes through its keys in the order in which they were put in: the oldest used first
  const entries = new Map<string, string>()
  let total = 0
  const remove = (key: string) => {
    total -= bytes(entries.get(key) ?? "")
    entries.delete(key)
  }
  return {
    get: (key) =>
      Effect.sync(() => {
        const entry = entries.get(key)
        if (entry === undefined) return undefined
        entries.delete(key)
        entries.set(key, entry)
        return entry
      }),
    set: (key, entry) =>
      Effect.sync(() => {
        remove(key)
        if (bytes(entry) > maxBytes) return
        entries.set(key, entry)
        total += bytes(entry)
        for (const oldest of entries.keys()) {
          if (total <= maxBytes) return
          remove(oldest)
        }
      })
  }
}
