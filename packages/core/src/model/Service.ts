/**
 * The shape of every model role: a request in, a completion out.
 */
import type * as Effect from "effect/Effect"
import type { Completion } from "./Completion.ts"
import type { Request } from "./Request.ts"
import type { TextModelError } from "./TextModelError.ts"

/** A language model as Backprose sees it. */
export interface Service {
  /** One call. A reply that was cut or filtered is returned as it is, with its finish reason. */
  readonly complete: (request: Request) => Effect.Effect<Completion, TextModelError>
}
