/** `backprose tasks` */
import { ReadyTasks } from "@backprose/tasks"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { invocation } from "../report/invocation.ts"
import * as table from "../report/table.ts"
import { Screen } from "../terminal/Screen.ts"

export const tasks = Command.make(
  "tasks",
  {},
  Effect.fnUntraced(function* () {
    const screen = yield* Screen
    const rows = ReadyTasks.all.map(({ name, summary, metric, defaults }) => [
      name,
      summary,
      metric,
      `${defaults.sizes.train} / ${defaults.sizes.validation} / ${defaults.sizes.test}`
    ])
    const headings = ["task", "what the model has to do", "metric", "train / validation / test"]
    for (const line of table.lines(headings, rows, screen.outStyle)) yield* screen.out(line)
    yield* screen.out(`\nA task of your own: a .yaml file or a .ts module; ${invocation()} init <dir> writes both.`)
  })
).pipe(Command.withDescription("List the ready tasks"))
