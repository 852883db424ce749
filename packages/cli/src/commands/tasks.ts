/** `backprose tasks` */
import { type ReadyTask, ReadyTasks } from "@backprose/tasks"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { invocation } from "../report/invocation.ts"
import { Screen } from "../terminal/Screen.ts"

const size = (task: ReadyTask): string => {
  if (task.kind === "solution") {
    const { limit, updates } = task.defaults
    return `${limit} questions, ${updates} updates each: ${invocation()} solve ${task.name}`
  }
  const { train, validation, test } = task.defaults.sizes
  const { paperSizes: paper } = task
  const papers = paper === undefined ? "" : ` (--sizes paper: ${paper.train}, ${paper.validation}, ${paper.test})`
  return `${train} to train, ${validation} to validate, ${test} for the test${papers}: ${invocation()} optimize ${task.name}`
}

const known = (task: ReadyTask): ReadonlyArray<string> => [
  `data   ${task.data.source} (${task.data.licence})`,
  `metric ${task.metric}`,
  `paper  ${task.paper ?? "no figure"}`,
  `ours   ${task.ours ?? "not measured"}`,
  `run    ${size(task)}`
]

export const tasks = Command.make(
  "tasks",
  {},
  Effect.fnUntraced(function* () {
    const screen = yield* Screen
    const { bold, dim } = screen.outStyle
    for (const application of new Set(ReadyTasks.all.map(({ application }) => application))) {
      yield* screen.out(`${application}\n`)
      for (const task of ReadyTasks.all.filter((one) => one.application === application)) {
        yield* screen.out(`  ${bold(task.name)}  ${task.summary}`)
        for (const line of known(task)) yield* screen.out(dim(`    ${line}`))
        yield* screen.out("")
      }
    }
    yield* screen.out(`A task of your own: a .yaml file or a .ts module; ${invocation()} init <dir> writes both.`)
  })
).pipe(Command.withDescription("List the ready tasks: their data, metric, and what was measured"))
