/**
 * Spans that are written down when they end.
 */
import type { Secrets } from "@backprose/core"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { describe } from "../exit/describe.ts"
import * as Sanitize from "../terminal/Sanitize.ts"

const instant = (nanos: bigint): string => new Date(Number(nanos / 1_000_000n)).toISOString()

const outcome = (exit: Exit.Exit<unknown, unknown>): { readonly level: string; readonly error?: string } => {
  if (Exit.isSuccess(exit)) return { level: "info" }
  return Cause.hasInterruptsOnly(exit.cause)
    ? { level: "info", error: "interrupted" }
    : { level: "error", error: describe(Cause.squash(exit.cause)) }
}

/** A span as a line of JSON: when it ended, what it was, how long it took, what it said of itself, how it went wrong. */
const line = (span: Tracer.Span, end: bigint, exit: Exit.Exit<unknown, unknown>, secrets: Secrets.Service): string => {
  const { level, error } = outcome(exit)
  const text = JSON.stringify(
    secrets.maskAll({
      at: instant(end),
      level,
      message: span.name,
      ms: Number(end - span.status.startTime) / 1e6,
      trace: span.traceId,
      span: span.spanId,
      ...(Option.isSome(span.parent) ? { parent: span.parent.value.spanId } : {}),
      ...Object.fromEntries(span.attributes),
      ...(error === undefined ? {} : { error })
    })
  )
  return Sanitize.json(text)
}

/** A tracer that does what another does, and writes down each span that is sampled. */
export const tracer = (inner: Tracer.Tracer, write: (line: string) => void, secrets: Secrets.Service): Tracer.Tracer =>
  Tracer.make({
    ...inner,
    span: (options) => {
      const span = inner.span(options)
      if (!span.sampled) return span
      const end = span.end.bind(span)
      return Object.assign(span, {
        end: (endTime: bigint, exit: Exit.Exit<unknown, unknown>) => {
          if (span.status._tag === "Started") write(line(span, endTime, exit, secrets))
          end(endTime, exit)
        }
      })
    }
  })
