/**
 * The jail of Linux: bubblewrap's namespaces, limits of the kernel, a filter of system calls. For Python, JavaScript and
 * TypeScript (in Node). Needs the package `bubblewrap` and a kernel that lets users make namespaces.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Command from "../process/Command.ts"
import { reachable } from "../process/reachable.ts"
import * as realTime from "../process/realTime.ts"
import { CodeRunner } from "../runner/CodeRunner.ts"
import type { Outcome } from "../runner/Outcome.ts"
import { whenFree } from "../runner/Processors.ts"
import * as Programs from "../runner/Program.ts"
import { SandboxUnavailable } from "../runner/SandboxUnavailable.ts"
import { interpreters, type Paths, paths } from "./interpreters.ts"
import { jail, nobody } from "./jail.ts"
import { filter } from "./seccomp.ts"

export interface Options extends Partial<Paths> {
  /** The command. Default: `bwrap`, looked for on the PATH. */
  readonly bwrap?: string
  /** Folders and files that programs can read besides the system's programs and libraries. Default: none. */
  readonly readable?: ReadonlyArray<string>
}

/**
 * Programs run in bubblewrap. When the layer is built each language is tried with a tiny program; those that do not work are
 * left out of `languages`, and where none does the layer fails and says what was tried.
 */
export const layer = (options: Options = {}): Layer.Layer<CodeRunner, SandboxUnavailable> =>
  Layer.effect(
    CodeRunner,
    Effect.gen(function* () {
      const own = { ...paths(), ...options }
      const node = options.node ?? (isRoot ? yield* reachable(own.node) : own.node)
      const run = inJail({ ...own, node })
      const tried = yield* Effect.forEach(Programs.Language.literals, (language) =>
        Effect.map(fault(run, language), (fault) => ({ language, fault }))
      )
      const works = tried.filter(({ fault }) => fault._tag === "None").map(({ language }) => language)
      const reasons = new Map(
        tried.flatMap(({ fault, language }) => (fault._tag === "None" ? [] : [[language, fault.value]]))
      )
      if (works.length === 0)
        return yield* unavailable("no program can be run in bubblewrap", new Set(reasons.values()))
      return {
        languages: works,
        run: (program) => {
          const reason = reasons.get(program.language)
          return reason === undefined
            ? // it worked a moment ago: the machine may be short of processes for a while
              whenFree(Effect.catch(run(program), () => Effect.andThen(realTime.sleep(pauseMillis), run(program))))
            : unavailable(`${program.language} cannot be run in bubblewrap`, [reason])
        }
      }
    })
  )

/** Before a jail that could not be made is tried once more. */
const pauseMillis = 250

const unavailable = (what: string, reasons: Iterable<string>) => {
  const tried = Array.from(reasons, (reason) => ({ jail: "bubblewrap", reason }))
  return Effect.fail(
    new SandboxUnavailable({
      tried,
      message: `${what}: ${tried.map(({ reason }) => reason).join("; ")}. It needs Linux with the package bubblewrap, and user namespaces that are allowed`
    })
  )
}

const answers = {
  python: "print(6 * 7)",
  javascript: "console.log(6 * 7)",
  typescript: "console.log((6 as number) * 7)"
}

/** Why a language does not work here, where it does not. */
const fault = (run: ReturnType<typeof inJail>, language: Programs.Language): Effect.Effect<Option.Option<string>> =>
  run({ language, source: answers[language], limits: { wallMillis: 20_000, cpuSeconds: 10 } }).pipe(
    Effect.map((outcome) =>
      outcome._tag === "Exited" && outcome.code === 0 && outcome.stdout === "42\n"
        ? Option.none()
        : Option.some(`a tiny ${language} program did not work: ${outcome.stderr.trim().slice(-300) || outcome._tag}`)
    ),
    Effect.catch(({ tried }) => Effect.succeed(Option.some(tried.map(({ reason }) => reason).join("; "))))
  )

/** bwrap's word that there was a program, and how it ended: no program can write it. */
const Report = Schema.fromJsonString(Schema.Struct({ "exit-code": Schema.Int }))
const reported = (report: string) =>
  Option.firstSomeOf(report.split("\n").map((line) => Schema.decodeUnknownOption(Report)(line)))

const isRoot = process.getuid?.() === 0

const inJail = (options: Options & Paths) => {
  const known = interpreters(options)
  const seccomp = filter(process.arch)
  // as root the kernel would not hold us to a number of processes
  const user = isRoot ? nobody : undefined
  const command = options.bwrap ?? "bwrap"
  return Effect.fnUntraced(function* (program: Programs.Program) {
    const limits = { ...Programs.defaults, ...program.limits }
    const ended = yield* Command.run({
      file: command,
      ...jail({
        interpreter: known[program.language],
        limits,
        source: program.source,
        readable: options.readable ?? [],
        filter: seccomp
      }),
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      cwd: "/",
      stdin: program.stdin ?? "",
      user,
      reports: true,
      wallMillis: limits.wallMillis,
      outputBytes: limits.outputBytes,
      memoryBytes: limits.memoryMegabytes * 1024 * 1024
    }).pipe(Effect.catch(({ message }) => unavailable(`${command} was not started`, [message])))
    const { millis, stderr, stdout } = ended
    const said = { stdout, stderr, millis }
    if (ended.killed !== undefined) return { _tag: "Killed", because: ended.killed, ...said } satisfies Outcome
    const report = reported(ended.report)
    if (report._tag === "None")
      return yield* unavailable(`${command} made no jail`, [stderr.trim() || "it does not say how a program ended"])
    return outcome(report.value["exit-code"], said, limits)
  })
}

const [SIGKILL, SIGXCPU] = [9, 24]

/** As shells do it, bwrap adds 128 to the number of the signal that ended a program. */
const outcome = (
  code: number,
  said: Pick<Outcome, "stdout" | "stderr" | "millis">,
  { wallMillis }: Programs.Limits
): Outcome => {
  const signal = code - 128
  if (signal <= 0 || signal > 31) return { _tag: "Exited", code, ...said }
  const late = signal === SIGXCPU || (signal === SIGKILL && said.millis >= wallMillis)
  // V8 aborts in more than one way
  const memory = /out of memory/.test(said.stderr)
  return { _tag: "Killed", because: late ? "time" : memory ? "memory" : "signal", ...said }
}
