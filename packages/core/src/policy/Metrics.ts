/**
 * What model calls cost and how often they fail, as metrics of Effect's registry: whatever exporter an application has set
 * up sends them.
 */
import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { Completion } from "../model/Completion.ts"
import type { Identity } from "../model/ModelIdentity.ts"
import type { Request } from "../model/Request.ts"
import * as genAi from "./genAi.ts"

// both as the conventions have them
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]
const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

type Labels = { readonly [name: string]: string }
type Made<Input> = Metric.Metric<Input, unknown>

const tokenUsage = (attributes: Labels): Made<number> =>
  Metric.histogram("gen_ai.client.token.usage", {
    description: "Tokens of a model call",
    boundaries: tokens,
    attributes: { ...attributes, unit: "{token}" }
  })

const duration = (attributes: Labels): Made<number> =>
  Metric.histogram("gen_ai.client.operation.duration", {
    description: "Time of one attempt at a model call",
    boundaries: seconds,
    attributes: { ...attributes, unit: "s" }
  })

const counter =
  (name: string, description: string) =>
  (attributes: Labels): Made<number> =>
    Metric.counter(name, { description, attributes, incremental: true })

const calls = counter("backprose.calls", "Model calls, by who answered: the provider, or the journal or cache (kept)")
const retries = counter("backprose.retries", "Attempts at model calls after the first")
const failures = counter("backprose.failures", "Model calls that failed for good, by what went wrong")

/** The metrics of one model. */
export interface Metrics {
  /** One attempt is over, after so many seconds; `error`: the tag of what it failed with. */
  readonly attempted: (
    context: Context.Context<never>,
    request: Request,
    seconds: number,
    outcome: { readonly completion?: Completion; readonly error?: string }
  ) => void
  /** A call is over, after so many attempts. */
  readonly called: (context: Context.Context<never>, request: Request, attempts: number, error?: string) => void
}

/** Made once a model: a metric that is looked up by its labels in every call would cost more than all the rest. */
export const of = (identity: Identity | undefined): Metrics => {
  const model = genAi.ofModel(identity)
  const made = new Map<string, Made<number>>()
  const metric = (key: string, make: (attributes: Labels) => Made<number>, attributes: () => Labels): Made<number> => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make({ ...model, ...attributes() })
    made.set(key, fresh)
    return fresh
  }
  const purposeOf = (request: Request): Labels => ({ "backprose.purpose": request.purpose })

  return {
    attempted: (context, { purpose }, seconds, { completion, error }) => {
      const answered: Labels = completion?.model === undefined ? {} : { "gen_ai.response.model": completion.model }
      const about = { "backprose.purpose": purpose, ...answered }
      const key = `${purpose} ${completion?.model ?? ""}`
      metric(`duration ${error ?? ""} ${key}`, duration, () => ({
        ...about,
        ...(error === undefined ? {} : { "error.type": error })
      })).updateUnsafe(seconds, context)
      if (completion === undefined) return
      for (const type of ["input", "output"] as const) {
        const used = type === "input" ? completion.usage.inputTokens : completion.usage.outputTokens
        metric(`${type} ${key}`, tokenUsage, () => ({ ...about, "gen_ai.token.type": type })).updateUnsafe(
          used,
          context
        )
      }
    },
    called: (context, request, attempts, error) => {
      const { purpose } = request
      const by = attempts === 0 ? "kept" : "provider"
      metric(`calls ${purpose} ${by}`, calls, () => ({
        ...purposeOf(request),
        "backprose.answered_by": by
      })).updateUnsafe(1, context)
      if (attempts > 1) {
        metric(`retries ${purpose}`, retries, () => purposeOf(request)).updateUnsafe(attempts - 1, context)
      }
      if (error !== undefined) {
        metric(`failures ${purpose} ${error}`, failures, () => ({
          ...purposeOf(request),
          "error.type": error
        })).updateUnsafe(1, context)
      }
    }
  }
}
