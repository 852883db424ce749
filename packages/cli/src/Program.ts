/**
 * The command as one Effect: arguments in, exit code out. All that is said on the way goes to the `Screen`.
 */
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { cache } from "./commands/cache.ts"
import { diff } from "./commands/diff.ts"
import { doctor } from "./commands/doctor.ts"
import { evaluate } from "./commands/evaluate.ts"
import { graph } from "./commands/graph.ts"
import { importLog } from "./commands/import.ts"
import { init } from "./commands/init.ts"
import { models } from "./commands/models.ts"
import { optimize } from "./commands/optimize.ts"
import { resume } from "./commands/resume.ts"
import { rollback } from "./commands/rollback.ts"
import { runs } from "./commands/runs.ts"
import { serve } from "./commands/serve.ts"
import { show } from "./commands/show.ts"
import { solve } from "./commands/solve.ts"
import { tasks } from "./commands/tasks.ts"
import { problem } from "./exit/commandLine.ts"
import { describe } from "./exit/describe.ts"
import * as ExitCode from "./exit/ExitCode.ts"
import { platform } from "./platform.ts"
import { invocation } from "./report/invocation.ts"
import * as LogFile from "./telemetry/LogFile.ts"
import { observed } from "./telemetry/observed.ts"
import { Screen } from "./terminal/Screen.ts"
import * as Style from "./terminal/Style.ts"
import { version } from "./version.ts"

const commands = [
  optimize,
  resume,
  evaluate,
  solve,
  graph,
  show,
  diff,
  rollback,
  runs,
  importLog,
  tasks,
  models,
  cache,
  doctor,
  init,
  serve
] as const

const root = Command.make("backprose").pipe(
  Command.withDescription("Backpropagation in prose: improve prompts and answers by feedback in words"),
  Command.withSubcommands(commands),
  Command.provide(LogFile.layer),
  Command.withGlobalFlags([LogFile.LogFile])
)

/** Help goes to standard output; a wrong command line is one line on standard error. */
const presenter = Layer.effect(
  CliOutput.Presenter,
  Effect.map(
    Screen,
    (screen): CliOutput.Presenter => ({
      present: (event) => {
        const format = CliOutput.defaultFormatter({ colors: screen.outStyle !== Style.uncoloured })
        switch (event._tag) {
          case "Help":
            return screen.out(format.formatHelpDoc(event.helpDoc))
          case "Version":
            return screen.out(event.version)
          case "InvalidInvocation": {
            const command = event.commandPath.slice(1).map((name) => ` ${name}`)
            const problems = event.errors.map(problem).join("; ")
            return complain(`${problems} (see ${invocation()}${command.join("")} --help)`).pipe(
              Effect.provideService(Screen, screen)
            )
          }
        }
      }
    })
  )
)

const complain = (line: string): Effect.Effect<void, never, Screen> =>
  Effect.flatMap(Screen, (screen) => screen.err(`${screen.errStyle.bad("backprose:")} ${line}`))

const failed = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>): Effect.fn.Return<number, never, Screen> {
  if (Cause.hasInterruptsOnly(cause)) return ExitCode.interrupted
  const error = Cause.squash(cause)
  if (CliError.isCliError(error) && error._tag === "ShowHelp") {
    return error.errors.length === 0 ? ExitCode.done : ExitCode.usage
  }
  const isDefect = !cause.reasons.some(Cause.isFailReason)
  yield* complain(
    isDefect ? `this should not have happened: ${describe(error)} (BACKPROSE_DEBUG=1 shows where)` : describe(error)
  )
  if (process.env["BACKPROSE_DEBUG"] === "1") yield* Effect.flatMap(Screen, ({ err }) => err(Cause.pretty(cause)))
  return isDefect ? ExitCode.defect : ExitCode.of(error)
})

/** Runs the command line `args`; never fails. */
export const run = (args: ReadonlyArray<string>): Effect.Effect<number, never, Screen> =>
  Command.runWith(root, { version })(args).pipe(
    Effect.as(ExitCode.done),
    Effect.provide([presenter, CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version] })]),
    Effect.provide(platform),
    Effect.catchCause(failed),
    observed(
      args,
      commands.map(({ name }) => name)
    )
  )
