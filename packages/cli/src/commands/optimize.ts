/** `backprose optimize <task>` */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Choice from "../models/Choice.ts"
import * as estimate from "../optimize/estimate.ts"
import * as Plan from "../optimize/Plan.ts"
import { perform } from "../optimize/perform.ts"
import * as parametersFile from "../run/parametersFile.ts"
import * as RunFolder from "../run/RunFolder.ts"
import * as RunName from "../run/runName.ts"
import * as strategy from "../strategy/flags.ts"
import { startingFrom } from "../tasks/LoadedTask.ts"
import * as Task from "../tasks/load.ts"
import * as flags from "./flags.ts"

const config = {
  task: flags.task,
  ...flags.models,
  ...strategy.flags,
  concurrency: flags.concurrency,
  ...flags.allowance,
  cache: flags.cache,
  onFailure: flags.onFailure,
  initial: Flag.String("initial").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription(
      `parameters to begin with, in place of the task's own: a run's parameters.json, or {"instructions": "…"} of yours`
    ),
    flags.maybe
  ),
  limit: flags.limit,
  ...flags.examples,
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
    const asItIs = yield* Task.load(given.task, given)
    const { initial } = given
    const loaded =
      initial === undefined ? asItIs : startingFrom(asItIs, yield* parametersFile.load(asItIs.task.parameters, initial))
    yield* Plan.check(loaded, given)
    const choice = yield* Choice.of(given)
    const run = yield* RunName.make(loaded.task.name)
    const made = Plan.make(run, loaded, choice, given)
    const plan = given.auto === undefined || given.steps !== undefined ? made : yield* estimate.affordable(made)
    const folder = given.runDir ?? `${RunFolder.runsFolder}/${run}`
    yield* perform(plan, { folder, json: given.json, earlier: undefined })
  })
).pipe(Command.withDescription("Improve the prompts of a task, and say by how much"))
