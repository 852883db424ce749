/**
 * The command in its process: the first interrupt ends it in good order, a second one at once.
 */
import * as Effect from "effect/Effect"
import * as ExitCode from "./exit/ExitCode.ts"
import { run } from "./Program.ts"
import * as Screen from "./terminal/Screen.ts"

/** How long the good order may take, in milliseconds. */
const grace = 1800

/** One Ctrl-C reaches us twice where npm started us and passes it on: what comes so soon is not a second one. */
const echo = 400

export const main = (args: ReadonlyArray<string>): void => {
  const fiber = Effect.runFork(Effect.provide(run(args), Screen.layer))
  let first: number | undefined
  const interrupt = () => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      setTimeout(() => process.exit(ExitCode.interrupted), grace).unref()
      fiber.interruptUnsafe()
    } else if (now - first > echo) process.exit(ExitCode.interrupted)
  }
  process.on("SIGINT", interrupt)
  process.on("SIGTERM", interrupt)
  // whoever read our output has seen enough (`backprose runs | head`)
  process.stdout.on("error", interrupt)
  process.stderr.on("error", () => {})
  // nothing that is left open may keep the process: the exit code says all
  fiber.addObserver((exit) => process.exit(exit._tag === "Success" ? exit.value : ExitCode.interrupted))
}
