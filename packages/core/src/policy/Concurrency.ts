/**
 * How many calls may be at a provider at once, over all roles that share it.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { decorated, type Service } from "../model/Service.ts"

/** A decorator for every role that asks one provider. */
export const limited = (calls: number): Effect.Effect<(model: Service) => Service> =>
  // no place at all would be waiting for ever
  Effect.map(
    Semaphore.make(Math.max(1, calls)),
    (semaphore) => (model) => decorated(model, (request) => semaphore.withPermit(model.complete(request)))
  )
