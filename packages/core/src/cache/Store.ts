/**
 * Where a cache keeps its entries: whole texts by key, no more is asked of it. It may lose any of them at any time, and
 * give back another text than it was given: entries speak for themselves.
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A store did not do what it was asked to. The cache says so once a kind, and the call goes on without it. */
export class StoreFailed extends Schema.TaggedError<StoreFailed>()("StoreFailed", {
  message: Schema.String,
  kind: Schema.Literals(["read", "write", "evict"])
}) {}

/** A place for entries. Keys are 64 hexadecimal digits. */
export interface Store {
  readonly get: (key: string) => Effect.Effect<string | undefined, StoreFailed>
  /** A reader sees the whole entry or none of it, also one in another process. */
  readonly set: (key: string, entry: string) => Effect.Effect<void, StoreFailed>
}

/** How much a store keeps. */
export interface Options {
  /** Of all entries together; what was not used for longest goes first. Default 1 GiB. */
  readonly maxBytes: number
}

/** A gibibyte: some hundred thousand replies with their prompts. */
export const defaults: Options = { maxBytes: 1024 ** 3 }
