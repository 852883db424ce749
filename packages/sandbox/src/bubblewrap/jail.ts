/** The jail as arguments of bwrap: what a program sees, who it is, and what each of its processes may take. */
import type { Limits } from "../runner/Program.ts"
import type { Interpreter } from "./interpreters.ts"

/** Nobody. */
export const nobody = 65534

const mebibyte = 1024 * 1024

/** Where interpreters and what they load are; folders that a machine does not have are left out. */
const system = ["/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local/bin", "/usr/local/lib", "/lib", "/lib64"]

export interface Options {
  readonly interpreter: Interpreter
  readonly limits: Limits
  readonly source: string
  /** More that can be read in it. */
  readonly readable: ReadonlyArray<string>
  /** What system calls it may make; any, where there is no filter for this machine. */
  readonly filter: Uint8Array | undefined
}

export interface Jail {
  readonly args: ReadonlyArray<string>
  /** What bwrap reads at descriptor 3, 4 and so on; it reports at the next. */
  readonly given: ReadonlyArray<Uint8Array>
}

export const jail = ({ filter, interpreter, limits, readable, source }: Options): Jail => {
  const files = [[interpreter.program, source] as const, ...interpreter.files]
  const given = [...files.map(([, text]) => Buffer.from(text)), ...(filter === undefined ? [] : [filter])]
  const disk = limits.diskMegabytes * mebibyte
  const args = [
    // namespaces of its own for everything: users, processes, network, mounts, IPC, host name
    ...["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"],
    ...["--uid", `${nobody}`, "--gid", `${nobody}`, "--cap-drop", "ALL", "--hostname", "jail"],
    "--clearenv",
    ...Object.entries({ PATH: "/usr/bin", HOME: "/tmp", LANG: "C.UTF-8", ...interpreter.env }).flatMap(
      ([name, value]) => ["--setenv", name, value]
    ),
    ...system.flatMap((path) => ["--ro-bind-try", path, path]),
    ...readable.flatMap((path) => ["--ro-bind", path, path]),
    ...interpreter.binds.flatMap(([from, to]) => ["--ro-bind", from, to]),
    // no /proc at all: programs need none, and where we are in a container, the kernel may not allow one
    ...["--dev", "/dev", "--size", `${disk}`, "--tmpfs", "/tmp", "--chdir", "/tmp"],
    ...files.flatMap(([path], i) => ["--ro-bind-data", `${3 + i}`, path]),
    // what bwrap made of memory would be room to write without a limit
    ...["--remount-ro", "/dev", "--remount-ro", "/"],
    ...(filter === undefined ? [] : ["--seccomp", `${2 + given.length}`]),
    ...["--json-status-fd", `${3 + given.length}`],
    "--",
    "/usr/bin/prlimit",
    // SIGXCPU, which tells what was used up, and SIGKILL a second later for whoever does not listen
    `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    `--fsize=${disk}`,
    ...["--core=0", "--nofile=64", "--memlock=0", "--msgqueue=0"],
    // counted in the jail's own namespace, where bwrap and `timeout` are too
    `--nproc=${limits.processes + interpreter.threads + 2}`,
    interpreter.memory(limits.memoryMegabytes * mebibyte),
    "--",
    // should we die before bwrap has asked to die with us, or be too busy to end it
    ...["/usr/bin/timeout", "-s", "KILL", `${Math.ceil(limits.wallMillis / 1000) + 1}`],
    ...interpreter.command(limits.memoryMegabytes)
  ]
  return { args, given }
}
