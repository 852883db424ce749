/**
 * The processes of this machine, as far as a lock needs to know them: who we are, and who is still there.
 */
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

/** Who holds something, so that others can tell later whether they still do. */
export interface Process {
  readonly pid: number
  readonly host: string
  /** When it began, in a form that no other process with this pid ever has; absent where the platform does not say. */
  readonly started?: string
}

export interface Service {
  readonly self: Process
  /** The process with this pid on this host, where there is one that runs. */
  readonly find: (pid: number) => Process | undefined
}

/** What Node, Bun and Deno have in common here. */
interface Runtime {
  readonly pid: number
  readonly kill: (pid: number, signal: 0) => unknown
  readonly getBuiltinModule?: (name: string) => unknown
}

const unknownHost = "this machine"

const fromRuntime = (runtime: Runtime): Service => {
  // not imported: core runs where there are no such modules, too
  const os = runtime.getBuiltinModule?.("os") as { readonly hostname: () => string } | undefined
  const fs = runtime.getBuiltinModule?.("fs") as
    | { readonly readFileSync: (path: string, encoding: "utf8") => string }
    | undefined
  const host = os?.hostname() ?? unknownHost
  const read = (path: string) =>
    Option.getOrUndefined(
      Option.flatMap(Option.fromUndefinedOr(fs), (fs) => attempt(() => fs.readFileSync(path, "utf8")))
    )
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim()

  const find = (pid: number): Process | undefined => {
    // signal 0 asks and does not disturb; a process that is not ours to ask is there, too
    const asked = Result.try(() => runtime.kill(pid, 0))
    if (Result.isFailure(asked) && (asked.failure as { readonly code?: string }).code === "ESRCH") return undefined
    const known = state(read(`/proc/${pid}/stat`))
    if (known === undefined || boot === undefined) return { pid, host }
    return known.ended ? undefined : { pid, host, started: `${boot}/${known.ticks}` }
  }
  return { self: find(runtime.pid) ?? { pid: runtime.pid, host }, find }
}

const attempt = <A>(read: () => A): Option.Option<A> => Result.getSuccess(Result.try(read))

/** From Linux's line on a process: whether it has ended and only waits to be noticed, and when it began. */
const state = (line: string | undefined): { readonly ended: boolean; readonly ticks: string } | undefined => {
  // its name is in brackets and may hold anything
  const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ")
  const [status, ticks] = [fields?.[0], fields?.[19]]
  return status === undefined || ticks === undefined ? undefined : { ended: status === "Z" || status === "X", ticks }
}

/** Nothing is known of others: every lock is somebody's. */
const alone: Service = {
  self: { pid: 0, host: unknownHost },
  find: (pid) => ({ pid, host: unknownHost })
}

/** The processes of this machine. Replaced in tests that stand for several. */
export const Processes: Context.Reference<Service> = Context.Reference<Service>("@backprose/core/journal/Processes", {
  defaultValue: () => {
    const { process } = globalThis as { readonly process?: Partial<Runtime> }
    return process?.pid === undefined || process.kill === undefined ? alone : fromRuntime(process as Runtime)
  }
})
