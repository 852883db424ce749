/** What is known of embedded weights without fetching any. */
import { Weights } from "@backprose/local"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** The path of a model's file where it is there, whole and verified. */
export const present = (model: string): Effect.Effect<string | undefined> =>
  Effect.map(Effect.option(Weights.ensure(model, { fetch: false })), Option.getOrUndefined)
