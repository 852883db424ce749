/**
 * Secrets that must not travel: what is known here is starred out of every request before it is sent or kept, and of every
 * reply and error before anything uses it. Journals, caches, events and logs then never hold them.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { masking, shortest, stars } from "./secretText.ts"

export { inEnvironment, inUrl } from "./secretPlaces.ts"
export { shortest, stars }

/** What is secret, and how to keep it so. */
export interface Service {
  readonly values: ReadonlyArray<Redacted.Redacted<string>>
  /** The text with stars for every secret: whole, as JSON, URL or base64 spell it, or in pieces of 16 letters. */
  readonly mask: (text: string) => string
  /** The same for all strings of a value as JSON has them, names of fields too; itself where it holds no secret. */
  readonly maskAll: <A>(value: A) => A
}

/** Those that are long enough to be told from words (`shortest`). Made once: a mask is applied to every text. */
export const of = (values: Iterable<Redacted.Redacted<string>>): Service => {
  const all = [...values]
  const mask = masking(all.map(Redacted.value))
  return {
    values: all,
    mask,
    maskAll: all.length === 0 ? (value) => value : (value) => deep(value, mask) as typeof value
  }
}

/** What is known to be secret here; nothing unless it is said. */
export const Known: Context.Reference<Service> = Context.Reference<Service>("@backprose/core/Secrets", {
  defaultValue: () => of([])
})

/** These secrets and more. */
export const and = (known: Service, more: Iterable<Redacted.Redacted<string>>): Service => {
  const added = [...more].filter((value) => !known.values.some((other) => sameText(value, other)))
  return added.length === 0 ? known : of([...known.values, ...added])
}

const sameText = (a: Redacted.Redacted<string>, b: Redacted.Redacted<string>): boolean =>
  Redacted.value(a) === Redacted.value(b)

/** Makes these secret too, for everything that is built or run inside. */
export const layer = (values: Iterable<Redacted.Redacted<string>>): Layer.Layer<never> =>
  Layer.effect(
    Known,
    Effect.map(Known, (known) => and(known, values))
  )

// what comes from outside may be as deep as it likes
const deepest = 200

const deep = (value: unknown, mask: (text: string) => string, depth = 0): unknown => {
  if (typeof value === "string") return mask(value)
  if (typeof value !== "object" || value === null) return value
  if (depth > deepest) return stars
  if (Array.isArray(value)) {
    const items = value.map((item) => deep(item, mask, depth + 1))
    return items.some((item, i) => item !== value[i]) ? items : value
  }
  const entries = Object.entries(value)
  const masked = entries.map(([name, item]) => [mask(name), deep(item, mask, depth + 1)] as const)
  return masked.some(([name, item], i) => name !== entries[i]![0] || item !== entries[i]![1])
    ? Object.fromEntries(masked)
    : value
}
