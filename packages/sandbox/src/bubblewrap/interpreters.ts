/** How a program of each language is started in the jail. */
import { existsSync } from "node:fs"
import type { Language } from "../runner/Program.ts"

export interface Interpreter {
  /** Where the program lies in the jail. */
  readonly program: string
  /** Files of the machine, and where they are seen. */
  readonly binds: ReadonlyArray<readonly [from: string, to: string]>
  /** Files besides the program, with what is in them. */
  readonly files: ReadonlyArray<readonly [path: string, text: string]>
  readonly env: Readonly<Record<string, string>>
  /** Threads of its own: the kernel counts them as processes. */
  readonly threads: number
  /** prlimit's option that holds it to so many bytes. */
  readonly memory: (bytes: number) => string
  readonly command: (memoryMegabytes: number) => ReadonlyArray<string>
}

/** Interpreters of the machine, by their paths. */
export interface Paths {
  readonly python: string
  readonly node: string
}

/** A system's own python3, and the Node that runs us: a shim in somebody's home cannot be read by nobody. */
export const paths = (): Paths => ({
  python: ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path)) ?? "/usr/bin/python3",
  node: process.execPath
})

const python = (path: string): Interpreter => ({
  program: "/program.py",
  binds: [],
  files: [],
  // sets and dictionaries are in the same order in each run; the folder of the program is no place to import from
  env: { PYTHONHASHSEED: "0", PYTHONSAFEPATH: "1" },
  threads: 0,
  memory: (bytes) => `--as=${bytes}`,
  // -I would take the seed of its hashes away; what it shuts out does not exist here. -S: no packages of the machine.
  // -u: what it printed before it was killed is seen
  command: () => [path, "-s", "-S", "-B", "-u", "/program.py"]
})

/**
 * V8 reserves half a gibibyte for compiled code, writable from the start, and tens of gibibytes of addresses. So addresses
 * are not limited but what can be written (RLIMIT_DATA), with that much on top.
 */
const reservedForCode = 512 * 1024 * 1024

/** Node writes to a pipe when it gets round to it: what a loop or `process.exit` comes before would not be seen. */
const written = "for (const { _handle } of [process.stdout, process.stderr]) _handle?.setBlocking?.(true)"

const node = (path: string, program: string, flags: ReadonlyArray<string>): Interpreter => ({
  program,
  binds: [[path, "/node"]],
  files: [["/written.cjs", written]],
  env: {},
  threads: 10,
  memory: (bytes) => `--data=${bytes + reservedForCode}`,
  command: (memoryMegabytes) => [
    "/node",
    "--require=/written.cjs",
    `--max-old-space-size=${memoryMegabytes}`,
    ...flags,
    program
  ]
})

/** Node's own removal of types: enums and namespaces too, where it can. */
const transform = "--experimental-transform-types"
export const typescriptFlags: ReadonlyArray<string> = [
  ...(process.allowedNodeEnvironmentFlags.has(transform) ? [transform] : []),
  "--disable-warning=ExperimentalWarning"
]

export const interpreters = (paths: Paths): Record<Language, Interpreter> => ({
  python: python(paths.python),
  javascript: node(paths.node, "/program.js", []),
  typescript: node(paths.node, "/program.ts", typescriptFlags)
})
