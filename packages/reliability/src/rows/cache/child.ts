/** A script of this folder in a process of its own, which says what it found as one line of JSON. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The process ended without saying what it found. */
export class ChildFailed extends Schema.TaggedError<ChildFailed>()("ChildFailed", { message: Schema.String }) {}

/** `through`: a program that starts it, with its arguments. Interrupting kills it. */
export const run = <A>(
  script: string,
  args: ReadonlyArray<string>,
  schema: Schema.Codec<A, unknown>,
  through: ReadonlyArray<string> = []
): Effect.Effect<A, ChildFailed> =>
  Effect.callback<string, ChildFailed>((resume) => {
    const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url))
    const [program = "", ...rest] = [...through, process.execPath, "--conditions=@backprose/source", path, ...args]
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk) => {
      out += chunk
    })
    child.stderr.on("data", (chunk) => {
      err += chunk
    })
    child.on("error", (error) => resume(Effect.fail(new ChildFailed({ message: error.message }))))
    child.on("close", (code) =>
      resume(code === 0 ? Effect.succeed(out) : Effect.fail(new ChildFailed({ message: `exit ${code}: ${err}` })))
    )
    return Effect.sync(() => void child.kill("SIGKILL"))
  }).pipe(
    Effect.flatMap((out) =>
      Effect.mapError(
        Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(out),
        (error) => new ChildFailed({ message: `${error.message}: ${out}` })
      )
    )
  )
