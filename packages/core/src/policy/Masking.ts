/**
 * Secrets in the traffic with a model: taken out of what is asked before anything else sees it, and out of what comes back
 * before anything uses it.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Secrets from "../model/Secrets.ts"
import { decorated, type Service } from "../model/Service.ts"
import type { TextModelError } from "../model/TextModelError.ts"

type Decorator = (model: Service) => Service

const unchanged: Decorator = (model) => model

/** A model that is never asked with a secret in the request. Belongs outside of whatever keeps requests. */
export const asking = (secrets: Secrets.Service): Decorator =>
  secrets.values.length === 0
    ? unchanged
    : (model) =>
        decorated(model, (request) => {
          const messages = secrets.maskAll(request.messages)
          // a program's shapes are the same objects in every call, and providers remember them by that
          const output = request.output === undefined ? undefined : secrets.maskAll(request.output)
          return model.complete(
            messages === request.messages && output === request.output
              ? request
              : { ...request, messages, ...(output === undefined ? {} : { output }) }
          )
        })

/** A model of whose replies, failures and defects no one learns a secret. Belongs right around the provider. */
export const answering = (secrets: Secrets.Service): Decorator =>
  secrets.values.length === 0
    ? unchanged
    : (model) => ({
        ...decorated(model, (request) =>
          model.complete(request).pipe(
            Effect.map(secrets.maskAll),
            Effect.catchCause((cause) => Effect.failCause(masked(cause, secrets)))
          )
        ),
        identity: secrets.maskAll(model.identity)
      })

const masked = (cause: Cause.Cause<TextModelError>, secrets: Secrets.Service): Cause.Cause<TextModelError> =>
  Cause.fromReasons(
    cause.reasons.map((reason) => {
      if (Cause.isFailReason(reason)) {
        const error = failure(reason.error, secrets)
        return error === reason.error ? reason : Cause.makeFailReason(error)
      }
      return Cause.isDieReason(reason) && holds(reason.defect, secrets)
        ? Cause.makeDieReason(retold(reason.defect, secrets))
        : reason
    })
  )

const failure = (error: TextModelError, secrets: Secrets.Service): TextModelError => {
  // the message is no field that can be listed, and the stack repeats it
  const fields = { ...error, message: error.message }
  const hidden = secrets.maskAll(fields)
  return hidden === fields ? error : new (error.constructor as new (fields: unknown) => TextModelError)(hidden)
}

// exceptions of HTTP clients drag along sockets and agents, in circles
const mostParts = 10_000

/** Whether a secret is anywhere in what was thrown, its cause and what hangs on it included; taken for granted in a huge one. */
const holds = (thrown: unknown, { mask }: Secrets.Service): boolean => {
  const parts = new Set<unknown>([thrown])
  for (const part of parts) {
    if (parts.size > mostParts) return true
    if (typeof part === "string" && mask(part) !== part) return true
    if (typeof part !== "object" || part === null) continue
    if (part instanceof Error) for (const told of [part.message, part.stack, part.cause]) parts.add(told)
    for (const [name, inner] of part instanceof Map ? part : Object.entries(part)) parts.add(name).add(inner)
  }
  return false
}

/** What was thrown, without secrets, and without what hung on it. */
const retold = (thrown: unknown, secrets: Secrets.Service, depth = 0): unknown => {
  if (!(thrown instanceof Error)) return secrets.mask(String(thrown))
  const { name, message, stack, cause } = thrown
  const because = cause === undefined || depth > 20 ? {} : { cause: retold(cause, secrets, depth + 1) }
  const plain = Object.entries(thrown).filter(([, value]) => typeof value !== "object" && typeof value !== "function")
  return Object.assign(new Error(secrets.mask(message), because), secrets.maskAll(Object.fromEntries(plain)), {
    name: secrets.mask(name),
    stack: secrets.mask(stack ?? "")
  })
}
