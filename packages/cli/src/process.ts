/**
 * The command in its process: the first interrupt ends it in good order, a second one at once.
 */
import * as Effect from "effect/Effect"
import * as ExitCode from "./exit/ExitCode.ts"
import { run } from "./Program.ts"
import * as Screen from "./terminal/Screen.ts"

/** How long the good order may take, in milliseconds. */
const grace = 1800

export const main = (args: ReadonlyArray<string>): void => {
  // a reader that has seen enough (`backprose runs | head`) is no error
  process.stdout.on("error", () => process.exit(ExitCode.done))
  process.stderr.on("error", () => {})
  const fiber = Effect.runFork(Effect.provide(run(args), Screen.layer))
  let interrupts = 0
  const interrupt = () => {
    interrupts += 1
    if (interrupts > 1) process.exit(ExitCode.interrupted)
    setTimeout(() => process.exit(ExitCode.interrupted), grace).unref()
    fiber.interruptUnsafe()
  }
  process.on("SIGINT", interrupt)
  process.on("SIGTERM", interrupt)
  // nothing that is left open may keep the process: the exit code says all
  fiber.addObserver((exit) => process.exit(exit._tag === "Success" ? exit.value : ExitCode.interrupted))
}
