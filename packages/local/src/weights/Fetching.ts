/**
 * What is said while weights are fetched, and what a source answers when it cannot give them.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** How far a fetch has come. `Verifying` follows when all bytes are there. */
export interface FetchProgress {
  readonly _tag: "Receiving" | "Verifying"
  readonly model: string
  /** In words, for a person. */
  readonly source: string
  /** In bytes, what was there already included. */
  readonly received: number
  readonly total: number
}

/** Told about each piece that arrived; a slow listener slows the fetch down. */
export type OnProgress = (progress: FetchProgress) => Effect.Effect<void>

/** @internal One source could not give the file; the next one is asked. */
export class SourceFailed extends Schema.TaggedError<SourceFailed>()("SourceFailed", { reason: Schema.String }) {}

/** @internal */
export const because = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  // fetch says "fetch failed" and keeps the fact underneath
  return cause.cause instanceof Error && cause.cause.message !== "" ? cause.cause.message : cause.message
}

/** @internal */
export const io = <A>(step: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, SourceFailed> =>
  Effect.tryPromise({ try: step, catch: (cause) => new SourceFailed({ reason: because(cause) }) })
