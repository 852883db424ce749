/**
 * Twelve attacks on a jail, for whoever builds one or wants to see that his own machine's holds: each is a program that
 * tries one thing, against things of the host that are open to everybody and watched.
 */
import * as Effect from "effect/Effect"
import { CodeRunner } from "../runner/CodeRunner.ts"
import type { Outcome } from "../runner/Outcome.ts"
import { defaults } from "../runner/Program.ts"
import type { SandboxUnavailable } from "../runner/SandboxUnavailable.ts"
import * as Host from "./Host.ts"
import { javascript } from "./javascript.ts"
import { python } from "./python.ts"

/** The attacks, and what each tries. */
export const names = {
  network: "connect to a port of the host",
  environment: "read a variable of the host's environment",
  file: "read a file of the host",
  home: "list the home folder",
  write: "write outside of its own folder",
  forks: "start 300 processes",
  memory: "hold 1 GB",
  loop: "run for ever",
  flood: "write 10 MB",
  link: "read through a link that leads out",
  proc: "see the host's processes",
  signal: "kill a process of the host"
} as const

/** One of the attacks. */
export type Name = keyof typeof names

/** What came of an attack. */
export interface Result {
  readonly name: Name
  /** What is wrong with the jail, where something is. */
  readonly broken: string | undefined
  readonly outcome: Outcome
}

/** Milliseconds that each attack may take. */
export const limit = 2000

/** Milliseconds that a jail may take besides, to end it. */
export const grace = 500

const limits = { wallMillis: limit, cpuSeconds: 10 }

/** All attacks on the jail at hand, one after the other. A jail that holds has nothing `broken`. */
export const run = (
  language: "python" | "javascript"
): Effect.Effect<ReadonlyArray<Result>, SandboxUnavailable, CodeRunner> =>
  Effect.forEach(Object.keys(names) as ReadonlyArray<Name>, (name) => attack(language, name))

/** One of them. */
export const attack = (
  language: "python" | "javascript",
  name: Name
): Effect.Effect<Result, SandboxUnavailable, CodeRunner> =>
  Effect.gen(function* () {
    const runner = yield* CodeRunner
    const host = yield* Host.make
    const source = (language === "python" ? python : javascript)[name](host)
    const outcome = yield* runner.run({ language, source, limits })
    const reached = yield* host.reached
    return { name, outcome, broken: reached.length > 0 ? `reached ${reached.join(", ")}` : broken(name, outcome) }
  }).pipe(Effect.scoped)

const wanted: Partial<Record<Name, string>> = { loop: "time", flood: "output" }

const broken = (name: Name, outcome: Outcome): string | undefined => {
  const { millis, stderr, stdout } = outcome
  const because = outcome._tag === "Killed" ? outcome.because : undefined
  // a program that never ran was not stopped
  if (!stdout.startsWith("started")) return `the program did not start: ${stderr}`
  if (stdout.includes("ESCAPED")) return "got through"
  if (millis > limit + grace) return `ended after ${millis} ms only`
  if (Buffer.byteLength(stdout) > defaults.outputBytes) return `wrote ${Buffer.byteLength(stdout)} bytes`
  if (wanted[name] !== undefined && because !== wanted[name]) return `was not killed for its ${wanted[name]}`
  // it says what stopped it, or was killed
  return because !== undefined || stdout.includes("stopped") ? undefined : `ended in silence: ${stderr}`
}
