/** Things of the machine that no program in a jail may reach, made to be reached: open to everybody, and watched. */
import { type ChildProcess, spawn } from "node:child_process"
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { type AddressInfo, createServer, type Server } from "node:net"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { nobody } from "../bubblewrap/jail.ts"
import { reachable } from "../process/reachable.ts"

export interface Host {
  /** Somebody listens there, on the loopback. */
  readonly port: number
  /** An environment variable of ours. */
  readonly variable: string
  /** A file that anybody can read, and write. */
  readonly file: string
  /** A folder that anybody can write to. */
  readonly folder: string
  /** Whose home it is that this runs in. */
  readonly home: string
  /** A process that may be signalled by whoever runs programs. */
  readonly pid: number
  /** What was reached so far. */
  readonly reached: Effect.Effect<ReadonlyArray<string>>
}

const secret = "nobody in a jail reads this"

const listening = Effect.acquireRelease(
  Effect.callback<{ readonly server: Server; readonly port: number; readonly calls: () => number }>((resume) => {
    let calls = 0
    const server = createServer((socket) => {
      calls++
      socket.on("error", () => {}).destroy()
    })
    server.listen(0, "127.0.0.1", () =>
      resume(Effect.succeed({ server, port: (server.address() as AddressInfo).port, calls: () => calls }))
    )
  }),
  ({ server }) => Effect.sync(() => void server.close())
)

const files = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "backprose-host-"))),
  (root) => Effect.promise(() => rm(root, { recursive: true, force: true }))
).pipe(
  Effect.tap((root) =>
    Effect.promise(() =>
      Promise.all([
        chmod(root, 0o777),
        mkdir(join(root, "folder")).then(() => chmod(join(root, "folder"), 0o777)),
        writeFile(join(root, "file"), secret).then(() => chmod(join(root, "file"), 0o666))
      ])
    )
  )
)

const sleeping = Effect.gen(function* () {
  const isRoot = process.getuid?.() === 0
  const node = isRoot ? yield* reachable(process.execPath) : process.execPath
  return yield* Effect.acquireRelease(
    Effect.sync(
      (): ChildProcess =>
        spawn(node, ["-e", "setInterval(() => {}, 1000)"], {
          stdio: "ignore",
          ...(isRoot && { uid: nobody, gid: nobody })
        })
    ),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
})

const variable = "BACKPROSE_OF_THE_HOST"
const inEnvironment = Effect.acquireRelease(
  Effect.sync(() => {
    process.env[variable] = secret
  }),
  () => Effect.sync(() => void delete process.env[variable])
)

export const make: Effect.Effect<Host, never, Scope.Scope> = Effect.gen(function* () {
  const { calls, port } = yield* listening
  const root = yield* files
  const child = yield* sleeping
  yield* inEnvironment
  const [file, folder] = [join(root, "file"), join(root, "folder")]
  const reached = Effect.promise(() => Promise.all([readFile(file, "utf8"), readdir(folder)])).pipe(
    Effect.map(([text, names]) => [
      ...(calls() > 0 ? ["the port"] : []),
      ...(text === secret ? [] : ["the file"]),
      ...(names.length > 0 ? ["the folder"] : []),
      ...(child.exitCode === null && child.signalCode === null ? [] : ["the process"])
    ])
  )
  return { port, variable, file, folder, home: homedir(), pid: child.pid ?? 0, reached }
})
