/**
 * A command whose spans, metrics and logs go to a collector where the environment names one. A collector that is not there,
 * is slow or refuses never fails the command, and holds up its end for three seconds at most.
 */
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"

/** How long the last spans may take on their way. */
const patience = "3 seconds"

const given = (name: string) => Config.map(Config.withDefault(Config.String(name), ""), (value) => value.trim() !== "")

const endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "TRACES", "METRICS", "LOGS"].map((name) =>
  name.startsWith("OTEL") ? name : `OTEL_EXPORTER_OTLP_${name}_ENDPOINT`
)

/** Whether there is a collector. */
const isWanted = Effect.gen(function* () {
  if ((yield* Config.withDefault(Config.String("OTEL_SDK_DISABLED"), "")).toLowerCase() === "true") return false
  return (yield* Effect.forEach(endpoints, given)).some((is) => is)
}).pipe(Effect.orElseSucceed(() => false))

// whoever waits may be interrupted already, and what is waited for must not be
const closed = (scope: Scope.Closeable, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
  Effect.gen(function* () {
    const closing = yield* Effect.forkDetach(Scope.close(scope, exit))
    yield* Effect.ignore(Effect.timeoutOption(Effect.interruptible(Fiber.await(closing)), patience))
  })

/** Runs the command under one span of its own. */
export const exported =
  (command: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.gen(function* () {
      if (!(yield* isWanted)) return yield* effect
      const { layer } = yield* Effect.promise(() => import("./otlp.ts"))
      const scope = yield* Scope.make()
      const built = yield* Effect.exit(Layer.buildWithScope(layer, scope))
      if (Exit.isFailure(built)) {
        const error = Cause.squash(built.cause)
        const why = error instanceof Error ? error.message : String(error)
        yield* Effect.logWarning(`nothing is sent to a collector: the OTEL_* variables make no sense (${why})`)
        return yield* Effect.onExit(effect, (exit) => closed(scope, exit))
      }
      return yield* effect.pipe(
        Effect.withSpan(command),
        Effect.provide(built.value),
        Effect.onExit((exit) => closed(scope, exit))
      )
    })
