/**
 * The shape of every model role: a request in, a completion out.
 */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Completion } from "./Completion.ts"
import type { Identity } from "./ModelIdentity.ts"
import type { Request } from "./Request.ts"
import type { TextModelError } from "./TextModelError.ts"

/** A language model as Backprose sees it. */
export interface Service {
  /** Which model it is. Without one, journals take all unnamed models for the same; caches keep replies for this object alone. */
  readonly identity?: Identity | undefined
  /** What it is asked with: its key, what the query of its URL holds. Never sent in a prompt, never kept. */
  readonly secrets?: ReadonlyArray<Redacted.Redacted<string>> | undefined
  /** The models that this one is a chain of, each to be guarded for itself. */
  readonly alternatives?: readonly [Service, ...ReadonlyArray<Service>] | undefined
  /** One call. A reply that was cut or filtered is returned as it is, with its finish reason. */
  readonly complete: (request: Request) => Effect.Effect<Completion, TextModelError>
}

/** A policy around a model: it answers in its own way, and stays the same model. */
export const decorated = (model: Service, complete: Service["complete"]): Service => ({
  identity: model.identity,
  secrets: model.secrets,
  complete
})
