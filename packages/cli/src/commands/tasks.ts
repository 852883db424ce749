/** `backprose tasks` */
import { ReadyTasks } from "@backprose/tasks"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { invocation } from "../report/invocation.ts"
import { Screen } from "../terminal/Screen.ts"

export const tasks = Command.make(
  "tasks",
  {},
  Effect.fnUntraced(function* () {
    const screen = yield* Screen
    const { bold, dim } = screen.outStyle
    for (const { name, summary, metric, defaults } of ReadyTasks.all) {
      const { train, validation, test } = defaults.sizes
      yield* screen.out(bold(name))
      yield* screen.out(`  ${summary}`)
      yield* screen.out(
        dim(`  ${train} examples to train, ${validation} to validate, ${test} for the test; ${metric}\n`)
      )
    }
    yield* screen.out(`A task of your own: a .yaml file or a .ts module; ${invocation()} init <dir> writes both.`)
  })
).pipe(Command.withDescription("List the ready tasks"))
