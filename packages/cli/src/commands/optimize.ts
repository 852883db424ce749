/** `backprose optimize <task>` */

import * as Clock from "effect/Clock"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Ref from "effect/Ref"
import { BudgetUsedUp } from "../exit/errors.ts"
import * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import { close, isWorthKeeping, save } from "../optimize/close.ts"
import type { Notice } from "../optimize/Notice.ts"
import { isEvent } from "../optimize/Notice.ts"
import * as Plan from "../optimize/Plan.ts"
import * as session from "../optimize/session.ts"
import * as Ending from "../report/ending.ts"
import * as fetching from "../report/fetching.ts"
import * as follow from "../report/follow.ts"
import { invocation } from "../report/invocation.ts"
import * as RunFolder from "../run/RunFolder.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as RunName from "../run/runName.ts"
import * as Task from "../tasks/load.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const config = {
  task: flags.task,
  ...flags.models,
  optimizer: Flag.Literals("optimizer", ["tgd", "momentum"]).pipe(
    Flag.withDescription("how new prompts are proposed (default tgd)"),
    Flag.withDefault("tgd" as const)
  ),
  selector: Flag.Literals("selector", ["validation-gate", "latest"]).pipe(
    Flag.withDescription("what is kept (default: validation-gate where there is a validation set)"),
    flags.maybe
  ),
  steps: flags.whole("steps", 0, "updates at most"),
  batch: flags.whole("batch", 1, "training examples a step"),
  concurrency: flags.concurrency,
  maxCalls: flags.maxCalls,
  seed: flags.seed,
  limit: flags.limit,
  runDir: Flag.String("run-dir").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription(`where the run is kept (default: a new folder in ${RunFolder.runsFolder})`),
    flags.maybe
  ),
  json: flags.json
}

export const optimize = Command.make(
  "optimize",
  config,
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const loaded = yield* Task.load(given.task, given)
    yield* Plan.check(loaded, given)
    const choice = yield* Choice.of(given)
    const run = yield* RunName.make(loaded.task.name)
    const plan = Plan.make(run, loaded, choice, given)
    const folder = yield* RunFolder.open(given.runDir ?? `${RunFolder.runsFolder}/${run}`)
    const record = yield* Ref.make(Plan.record(plan, yield* Clock.currentTimeMillis))
    yield* Effect.tapError(save(folder, record), () => folder.discard)
    if (!given.json) yield* follow.opening(yield* Ref.get(record), folder.path)
    const policies = {
      concurrency: plan.settings.concurrency,
      maxCalls: plan.settings.maxCalls,
      onFetch: given.json ? undefined : fetching.watch(screen)
    }

    const ended = Effect.fnUntraced(function* (exit: Exit.Exit<unknown, unknown>) {
      yield* screen.redraw("")
      const known = yield* close(folder, record, exit)
      if (known === undefined) return
      if (!isWorthKeeping(known)) {
        if (known.status === "interrupted") yield* screen.err("  interrupted before the first reply; no run is kept")
      } else if (given.json) yield* screen.out(RunRecord.line(known))
      else if (known.status === "interrupted" || known.status === "failed") {
        yield* screen.err(`  ${known.status}; what there is of the run: ${invocation()} show ${folder.path}`)
      }
    })
    const outcome = yield* Effect.gen(function* () {
      const startedAt = yield* Clock.currentTimeMillis
      const known = yield* Ref.updateAndGet(record, (known) => ({ ...known, startedAt }))
      const show = given.json
        ? (notice: Notice) => (isEvent(notice) ? screen.out(RunFolder.eventLine(notice)) : Effect.void)
        : yield* follow.start(known)
      yield* session.run(plan, folder, record, show)
    }).pipe(
      Effect.scoped,
      // saved before the models are let go of, which may take its time; and where they cannot even be had
      Effect.onExit(ended),
      Effect.provide(session.strategies(plan.settings)),
      Effect.provide(models.of(choice, policies)),
      Effect.onExit(ended),
      Effect.exit
    )
    const known = yield* Ref.get(record)
    if (!given.json && (known.status === "finished" || known.status === "budget")) {
      const columns = yield* screen.outColumns
      for (const line of ["", ...Ending.lines(known, folder.path, screen.outStyle, columns)]) yield* screen.out(line)
    }
    if (known.status === "budget") {
      return yield* new BudgetUsedUp({
        message: `the budget of ${plan.settings.maxCalls} model calls is used up; the best so far is in ${folder.path}/${RunFolder.files.parameters}`
      })
    }
    return yield* outcome
  }, Effect.scoped)
).pipe(Command.withDescription("Improve the prompts of a task, and say by how much"))
