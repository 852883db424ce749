/** `backprose resume <run>` */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { asBefore } from "../optimize/asBefore.ts"
import { perform } from "../optimize/perform.ts"
import { invocation } from "../report/invocation.ts"
import * as RunFolder from "../run/RunFolder.ts"
import * as readRun from "../run/readRun.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const resume = Command.make(
  "resume",
  {
    run: Argument.String("run").pipe(Argument.withDescription("a run's folder, or its name as `runs` lists it")),
    task: Flag.String("task").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("the task, where it is a module: its code is run only if you name it again"),
      flags.maybe
    ),
    data: Flag.String("data").pipe(
      Flag.withMetavar("SOURCE"),
      Flag.withDescription("the examples, where they are not in the current folder: read only if you name them again"),
      flags.maybe
    ),
    baseUrl: Flag.String("base-url").pipe(
      Flag.withMetavar("URL"),
      Flag.withDescription("the server, where it is not OpenAI's: it is asked only if you or OPENAI_BASE_URL name it"),
      flags.maybe
    ),
    concurrency: flags.concurrency,
    ...flags.allowance,
    json: flags.json
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { folder } = yield* readRun.find(given.run)
    yield* RunFolder.check(folder)
    const record = yield* readRun.record(folder, { strict: true })
    if (record.status === "finished") {
      const where = Sanitize.line(folder)
      return yield* screen.err(`the run ${where} is finished, nothing is left to do: ${invocation()} show ${where}`)
    }
    const plan = yield* asBefore({ folder, record }, given)
    yield* perform(plan, { folder, json: given.json, earlier: record })
  })
).pipe(Command.withDescription("Go on with a run that was stopped, interrupted, or out of budget"))
