/** `backprose evaluate <task>` */
import { Evaluation, type Example, Parameters, UsageMeter } from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Allowance from "../models/Allowance.ts"
import * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import * as ModelName from "../models/ModelName.ts"
import * as ReplyCache from "../models/ReplyCache.ts"
import * as evaluated from "../report/evaluated.ts"
import * as fetching from "../report/fetching.ts"
import * as ticker from "../report/ticker.ts"
import * as EvaluationRecord from "../run/EvaluationRecord.ts"
import * as parametersFile from "../run/parametersFile.ts"
import * as Task from "../tasks/load.ts"
import * as services from "../tasks/services.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const evaluate = Command.make(
  "evaluate",
  {
    task: flags.task,
    parameters: Flag.String("parameters").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("parameters of a run (its parameters.json), in place of the task's own"),
      flags.maybe
    ),
    split: Flag.Literals("split", ["test", "validation", "train"]).pipe(
      Flag.withDescription("the examples (default test)"),
      Flag.withDefault("test" as const)
    ),
    ...flags.models,
    concurrency: flags.concurrency,
    ...flags.allowance,
    cache: flags.cache,
    onFailure: flags.onFailure,
    limit: flags.limit,
    ...flags.examples,
    json: flags.json
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { task, spec } = yield* Task.load(given.task, given)
    const parameters =
      given.parameters === undefined ? task.parameters : yield* parametersFile.load(task.parameters, given.parameters)
    const examples = task[given.split]
    if (examples.length === 0) {
      return yield* new Evaluation.EmptyDataset({ message: `the task "${spec}" has no ${given.split} examples` })
    }
    const choice = yield* Choice.of(given)
    const concurrency = given.concurrency ?? models.concurrency(choice)

    yield* Effect.gen(function* () {
      const meter = yield* UsageMeter
      const startedAt = yield* Clock.currentTimeMillis
      const results: Array<Example.Result> = []
      if (!given.json) {
        yield* ticker.start((moment) => Effect.sync(() => evaluated.live({ results, total: examples.length }, moment)))
      }
      const measured = yield* Evaluation.run(task, parameters, examples, {
        concurrency,
        ...(given.onFailure === undefined ? {} : { onFailure: given.onFailure }),
        onResult: Effect.fnUntraced(function* (result) {
          results.push(result)
          if (given.json) yield* screen.out(EvaluationRecord.resultLine(result))
        })
      })
      const summary = Evaluation.summary(measured)
      const report: EvaluationRecord.EvaluationRecord = {
        _tag: "EvaluationRecord",
        task: spec,
        split: given.split,
        model: ModelName.render(choice.forward),
        parameters: Parameters.save(parameters),
        summary,
        usage: yield* meter.read,
        spend: yield* meter.spend,
        ...(given.cache ? { cached: yield* ReplyCache.had } : {}),
        elapsedMs: (yield* Clock.currentTimeMillis) - startedAt
      }
      if (given.json) return yield* screen.out(EvaluationRecord.recordLine(report))
      for (const line of evaluated.lines(report, results, screen.outStyle)) yield* screen.out(line)
    }).pipe(
      Effect.scoped,
      Effect.provide(
        services.of(choice, {
          concurrency,
          allowance: Allowance.of(given),
          cache: given.cache,
          onFetch: given.json ? undefined : fetching.watch(screen)
        })
      )
    )
  })
).pipe(Command.withDescription("Score a task's prompts, as they are or from a run"))
