/** The jail as arguments of bwrap: what a program sees, who it is, and what each of its processes may take. */
import type { Limits } from "../runner/Program.ts"
import type { Interpreter } from "./interpreters.ts"

/** Nobody. */
export const nobody = 65534

const mebibyte = 1024 * 1024

/** Where interpreters and what they load are; folders that a machine does not have are left out. */
const system = ["/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local/bin", "/usr/local/lib", "/lib", "/lib64"]

export interface Jail {
  readonly interpreter: Interpreter
  readonly limits: Limits
  /** More that can be read in it. */
  readonly readable: ReadonlyArray<string>
  /** Whether a filter of system calls comes after the program. */
  readonly filtered: boolean
}

/** bwrap reads the program at descriptor 3, the filter at 4, and reports at the next. */
export const jail = ({ filtered, interpreter, limits, readable }: Jail): ReadonlyArray<string> => [
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
  ...["--dev", "/dev", "--size", `${limits.diskMegabytes * mebibyte}`, "--tmpfs", "/tmp", "--chdir", "/tmp"],
  ...["--ro-bind-data", "3", interpreter.program],
  // what bwrap made of memory would be room to write without a limit
  ...["--remount-ro", "/dev", "--remount-ro", "/"],
  ...(filtered ? ["--seccomp", "4", "--json-status-fd", "5"] : ["--json-status-fd", "4"]),
  "--",
  "/usr/bin/prlimit",
  // SIGXCPU, which tells what was used up, and SIGKILL a second later for whoever does not listen
  `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
  `--fsize=${limits.diskMegabytes * mebibyte}`,
  ...["--core=0", "--nofile=64", "--memlock=0", "--msgqueue=0"],
  // counted in the jail's own namespace, where bwrap has one too
  `--nproc=${limits.processes + interpreter.threads + 1}`,
  interpreter.memory(limits.memoryMegabytes * mebibyte),
  "--",
  ...interpreter.command(limits.memoryMegabytes)
]
