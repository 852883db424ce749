/**
 * What surrounds every command: no secret reaches the screen, what is logged is a line of its own there, and spans and
 * metrics go where the environment says.
 */
import { CapturesText, Secrets } from "@backprose/core"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { Screen } from "../terminal/Screen.ts"
import { exported } from "./exporting.ts"
import { toScreen } from "./loggers.ts"
import * as secretsOf from "./secrets.ts"

/** Prompts and replies in spans, under the variable of the conventions. */
const capturesText = Config.String("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT").pipe(
  Config.withDefault(""),
  Config.map((value) => /^(true|1|span_only|span_and_event)$/i.test(value)),
  (config) => Effect.orElseSucceed(config, () => false)
)

/** Surrounds the command of these arguments. */
export const observed =
  (args: ReadonlyArray<string>, commands: ReadonlyArray<string>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Screen> =>
    Effect.gen(function* () {
      const secrets = yield* secretsOf.of(args)
      const screen = secretsOf.masked(yield* Screen, secrets)
      const command = commands.find((name) => name === args[0])
      return yield* effect.pipe(
        exported(command === undefined ? "backprose" : `backprose ${command}`),
        Effect.provide(Logger.layer([toScreen(screen)])),
        Effect.provideService(CapturesText, yield* capturesText),
        Effect.provideService(Screen, screen),
        Effect.provideService(Secrets.Known, secrets)
      )
    })
