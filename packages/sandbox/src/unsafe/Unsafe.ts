/**
 * No jail at all: programs run as whoever runs us, and can do whatever he can. Only their time and their output are limited.
 * For programs you would start yourself; nothing chooses it, it must be named.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { paths, typescriptFlags } from "../bubblewrap/interpreters.ts"
import * as Command from "../process/Command.ts"
import { CodeRunner } from "../runner/CodeRunner.ts"
import type { Outcome } from "../runner/Outcome.ts"
import { whenFree } from "../runner/Processors.ts"
import * as Programs from "../runner/Program.ts"
import { SandboxUnavailable } from "../runner/SandboxUnavailable.ts"

const unavailable = (reason: unknown) =>
  new SandboxUnavailable({
    tried: [{ jail: "none", reason: String(reason) }],
    message: `the program was not started, without a jail: ${reason}`
  })

const io = <A>(run: () => Promise<A>) => Effect.tryPromise({ try: run, catch: unavailable })

/** A folder of its own, which is removed with all that is in it. */
const folder = Effect.acquireRelease(
  io(() => mkdtemp(join(tmpdir(), "backprose-unsafe-"))),
  (path) => Effect.ignore(io(() => rm(path, { recursive: true, force: true })))
)

const start = (program: Programs.Program, path: string): readonly [file: string, args: ReadonlyArray<string>] => {
  const { node, python } = paths()
  if (program.language === "python") return [python, ["-B", "-u", path]]
  return [node, program.language === "typescript" ? [...typescriptFlags, path] : [path]]
}

const extensions = { python: "py", javascript: "js", typescript: "ts" }

/** Runs programs without any jail, with the environment, files and network of whoever runs us. */
export const layer: Layer.Layer<CodeRunner> = Layer.succeed(CodeRunner, {
  languages: Programs.Language.literals,
  run: (program) =>
    Effect.gen(function* () {
      const limits = { ...Programs.defaults, ...program.limits }
      const cwd = yield* folder
      const path = join(cwd, `program.${extensions[program.language]}`)
      yield* io(() => writeFile(path, program.source))
      const [file, args] = start(program, path)
      const { code, killed, millis, stderr, stdout } = yield* Command.run({
        file,
        args,
        env: Object.fromEntries(Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
        cwd,
        stdin: program.stdin ?? "",
        wallMillis: limits.wallMillis,
        outputBytes: limits.outputBytes
      }).pipe(Effect.mapError(({ message }) => unavailable(message)))
      const said = { stdout, stderr, millis }
      const ended: Outcome =
        killed === undefined && code !== undefined
          ? { _tag: "Exited", code, ...said }
          : { _tag: "Killed", because: killed ?? "signal", ...said }
      return ended
    }).pipe(Effect.scoped, whenFree)
})
