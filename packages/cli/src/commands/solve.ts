/** `backprose solve` */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { OptionInvalid } from "../exit/errors.ts"
import * as Allowance from "../models/Allowance.ts"
import * as Choice from "../models/Choice.ts"
import * as layer from "../models/layer.ts"
import * as fetching from "../report/fetching.ts"
import * as RunName from "../run/runName.ts"
import { studiesFolder } from "../run/StudyFolder.ts"
import * as answer from "../solve/answer.ts"
import * as study from "../solve/study.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const solve = Command.make(
  "solve",
  {
    task: Argument.String("task").pipe(
      Argument.withDescription("a ready task whose answers are improved one by one; or --role and --objective"),
      Argument.optional
    ),
    role: Flag.String("role").pipe(Flag.withDescription('what the answer is for: "reply to a customer"'), flags.maybe),
    objective: Flag.String("objective").pipe(
      Flag.withDescription("what makes it good; the judge reads it"),
      flags.maybe
    ),
    initial: Flag.String("initial").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("the answer to improve; - is standard input (default: the model drafts one)"),
      flags.maybe
    ),
    steps: flags.whole("steps", 0, "updates of an answer at most (default 3)"),
    ...flags.models,
    concurrency: flags.concurrency,
    ...flags.allowance,
    cache: flags.cache,
    seed: flags.examples.seed,
    limit: flags.whole("limit", 1, "questions of the task (default: its own)"),
    data: flags.examples.data,
    order: flags.examples.order,
    scoring: flags.examples.scoring,
    runDir: Flag.String("run-dir").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription(
        `where a task's answers are kept (default: a new folder in ${studiesFolder}); one that was stopped goes on there`
      ),
      flags.maybe
    ),
    json: flags.json
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { initial, objective, role, steps } = given
    const models = Effect.map(Choice.of(given), (choice) => ({
      choice,
      policies: {
        concurrency: given.concurrency ?? layer.concurrency(choice),
        allowance: Allowance.of(given),
        cache: given.cache,
        onFetch: given.json ? undefined : fetching.watch(screen)
      }
    }))
    if (Option.isSome(given.task)) {
      if ((role ?? objective ?? initial) !== undefined) {
        const message = "a task has its own questions: leave out --role, --objective and --initial"
        return yield* new OptionInvalid({ message })
      }
      const task = yield* study.find(given.task.value)
      const name = yield* RunName.make(task.name)
      return yield* study.run(task, { ...(yield* models), given, name })
    }
    if (role === undefined || objective === undefined) {
      const message = "name a task, or say by --role and --objective what is to be improved"
      return yield* new OptionInvalid({ message })
    }
    const text = initial === undefined ? undefined : yield* answer.read(initial)
    const { choice, policies } = yield* models
    yield* answer
      .run({ role, objective, initial: text, steps })
      .pipe(Effect.scoped, Effect.provide(layer.of(choice, policies)))
  })
).pipe(Command.withDescription("Improve answers one by one: of a ready task, or one by an objective in words"))
