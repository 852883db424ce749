/** `backprose rollback <run>` */
import { Patch } from "@backprose/core"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { FileUnwritable, OptionInvalid } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import { invocation } from "../report/invocation.ts"
import * as lineage from "../report/lineage.ts"
import * as wayBack from "../report/wayBack.ts"
import { pretty } from "../run/RunFolder.ts"
import * as readRun from "../run/readRun.ts"
import { writeWhole } from "../run/writeWhole.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"

/** The value without what one change did to it, or why that cannot be taken out any more. */
const without = (now: unknown, change: lineage.Change): Result.Result<unknown, string> => {
  if (JSON.stringify(now) === JSON.stringify(change.after)) return Result.succeed(change.before)
  if (typeof now !== "string" || change.patch === undefined) return Result.fail("it was changed as a whole since")
  return Result.mapError(Patch.apply(now, Patch.invert(change.patch)), ({ message }) => message)
}

export const rollback = Command.make(
  "rollback",
  {
    run: Argument.String("run").pipe(Argument.withDescription("a run's folder, or its name as `runs` lists it")),
    step: Flag.Int("step").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("the step whose changes are taken out of the best parameters; `diff` shows them")
    ),
    to: Flag.String("to").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("where the parameters are written, for `evaluate --parameters` (default: standard output)"),
      Flag.withDefault("-")
    )
  },
  Effect.fnUntraced(function* ({ run, step, to }) {
    const screen = yield* Screen
    const { folder, record } = yield* readRun.find(run)
    const events = yield* readRun.events(folder)
    const values: Record<string, unknown> = { ...record.best }
    const undone: Array<string> = []
    for (const parameter of Object.keys(values)) {
      const change = lineage.of(events, record.candidate, parameter).find((one) => one.step === step)
      if (change === undefined) continue
      const before = without(values[parameter], change)
      if (Result.isFailure(before)) {
        const message = `step ${step} cannot be taken out of "${parameter}": ${before.failure}; a later step built on it`
        return yield* new OptionInvalid({ message })
      }
      values[parameter] = before.success
      undone.push(parameter)
    }
    if (undone.length === 0) {
      const message = `step ${step} changed nothing of what ${folder} ended with: see ${invocation()} diff ${wayBack.quoted(run)}`
      return yield* new OptionInvalid({ message })
    }
    const text = pretty(values)
    if (to === "-") return yield* screen.out(text.trimEnd())
    const path = yield* Path.Path
    yield* Effect.mapError(
      writeWhole(path.resolve(to), text),
      (error) => new FileUnwritable({ message: `${to} cannot be written: ${fileProblem(error)}` })
    )
    const names = undone.map((name) => `"${Sanitize.line(name)}"`).join(", ")
    yield* screen.err(
      `step ${step} is taken out of ${names}, in ${Sanitize.line(to)}; whether that is better says: ${invocation()} evaluate ${wayBack.quoted(record.task)} --parameters ${wayBack.quoted(to)}`
    )
  })
).pipe(Command.withDescription("Take the changes of one step out of what a run ended with, and keep the later ones"))
