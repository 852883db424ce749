/**
 * The command in its process: the first interrupt ends it in good order, a second one at once.
 */
import * as Effect from "effect/Effect"
import * as MutableRef from "effect/MutableRef"
import * as ExitCode from "./exit/ExitCode.ts"
import { run } from "./Program.ts"
import * as Screen from "./terminal/Screen.ts"

/** How long the good order may take, in milliseconds. */
const grace = 1800

/** One Ctrl-C reaches us twice where npm started us and passes it on: what comes so soon is not a second one. */
const echo = 400

export const main = (args: ReadonlyArray<string>): void => {
  const screen = Screen.ofProcess()
  const fiber = Effect.runFork(Effect.provideService(run(args), Screen.Screen, screen))
  let first: number | undefined
  const leave = () => {
    const word = MutableRef.get(screen.lastWord)
    if (word !== "") process.stderr.write(`${screen.live ? "\r\u001b[2K" : ""}${word}\n`)
    process.exit(ExitCode.interrupted)
  }
  const interrupt = () => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      setTimeout(leave, grace).unref()
      fiber.interruptUnsafe()
    } else if (now - first > echo) leave()
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt)
  // whoever read our output has seen enough (`backprose runs | head`)
  process.stdout.on("error", interrupt)
  process.stderr.on("error", () => {})
  // nothing that is left open may keep the process, but what was said has to get out: a pipe takes its time
  fiber.addObserver((exit) => {
    const code = exit._tag === "Success" ? exit.value : ExitCode.interrupted
    process.stdout.write("", () => process.stderr.write("", () => process.exit(code)))
  })
}
