/** The real command as a process of its own. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Ended {
  /** `undefined` where a signal ended it. */
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

export interface Command {
  readonly pid: number
  /** Ends when the process does. */
  readonly ended: Effect.Effect<Ended>
  readonly isOver: () => boolean
  readonly signal: (name: NodeJS.Signals) => Effect.Effect<void>
  /** Types something, where `typing` was asked for. */
  readonly type: (text: string) => Effect.Effect<void>
}

const main = fileURLToPath(new URL("./src/Main.ts", import.meta.resolve("@backprose/cli/package.json")))

/** The task that the runs of these rows are of. */
export const task: string = fileURLToPath(new URL("../../../fixture/codes.ts", import.meta.url))

/** What is typed to start the command, its program first. */
export const line: ReadonlyArray<string> = [process.execPath, "--conditions=@backprose/source", main]

/** This process's environment without what the command would take from it. */
export const environment = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(OPENAI|BACKPROSE|OTEL|npm)_|COLOR$/.test(name) ? [] : [[name, value]]
    )
  ),
  ...more
})

/** Starts it; what is left of it is killed when the scope closes. */
export const start = (
  args: ReadonlyArray<string>,
  options: {
    readonly cwd: string
    readonly env?: Readonly<Record<string, string>>
    /** The program and what comes before `args`, where it is not the command itself. */
    readonly through?: ReadonlyArray<string>
    readonly typing?: boolean
  }
): Effect.Effect<Command, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const [program = "", ...first] = options.through ?? line
        const child = spawn(program, [...first, ...args], {
          cwd: options.cwd,
          env: environment(options.env),
          stdio: [options.typing === true ? "pipe" : "ignore", "pipe", "pipe"]
        })
        const state = { out: "", err: "", ended: undefined as Ended | undefined, waiting: new Set<() => void>() }
        child.stdout?.on("data", (chunk) => {
          state.out += chunk
        })
        child.stderr?.on("data", (chunk) => {
          state.err += chunk
        })
        child.on("close", (code) => {
          state.ended = { code: code ?? undefined, out: state.out, err: state.err }
          for (const tell of [...state.waiting]) tell()
        })
        return { child, state }
      }),
      ({ child }) => Effect.sync(() => void child.kill("SIGKILL"))
    ),
    ({ child, state }): Command => ({
      pid: child.pid ?? 0,
      ended: Effect.callback<Ended>((resume) => {
        const tell = () => {
          if (state.ended !== undefined) resume(Effect.succeed(state.ended))
        }
        state.waiting.add(tell)
        tell()
        return Effect.sync(() => void state.waiting.delete(tell))
      }),
      isOver: () => state.ended !== undefined,
      type: (text) => Effect.sync(() => void child.stdin?.write(text)),
      signal: (name) => Effect.sync(() => void child.kill(name))
    })
  )

const longest = "60 seconds"

/** Runs it to its end, which must come within a minute. */
export const run = (...given: Parameters<typeof start>): Effect.Effect<Ended> =>
  Effect.flatMap(start(...given), ({ ended }) =>
    Effect.timeoutOrElse(ended, {
      duration: longest,
      orElse: () => Effect.succeed<Ended>({ code: undefined, out: "", err: `no end within ${longest}` })
    })
  ).pipe(Effect.scoped)
