/** `backprose solve` */
import { Generate, Optimize } from "@backprose/core"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { FileUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as Allowance from "../models/Allowance.ts"
import * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import * as ReplyCache from "../models/ReplyCache.ts"
import * as fetching from "../report/fetching.ts"
import * as Figures from "../report/figures.ts"
import * as ticker from "../report/ticker.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

/** The text of `--initial`: a file, or standard input. */
const read = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const { stdin } = yield* Stdio.Stdio
  const text = yield* (file === "-" ? Stream.mkString(Stream.decodeText(stdin)) : fs.readFileString(file)).pipe(
    Effect.mapError((error) => new FileUnreadable({ message: `${file} cannot be read: ${fileProblem(error)}` }))
  )
  if (text.trim() === "")
    return yield* new FileUnreadable({ message: `${file === "-" ? "standard input" : file} is empty` })
  return text.trimEnd()
})

const draft = (role: string, objective: string) =>
  Effect.map(
    Generate.text({
      prompt: `Write the following: ${role}.\nIt will be judged by this: ${objective}\nReply with the text alone.`,
      role
    }),
    ({ value }) => value
  )

export const solve = Command.make(
  "solve",
  {
    role: Flag.String("role").pipe(Flag.withDescription('what the answer is for: "reply to a customer"')),
    objective: Flag.String("objective").pipe(Flag.withDescription("what makes it good; the judge reads it")),
    initial: Flag.String("initial").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("the answer to improve; - is standard input (default: the model drafts one)"),
      flags.maybe
    ),
    steps: flags.whole("steps", 0, "updates at most (default 3)"),
    ...flags.models,
    concurrency: flags.concurrency,
    ...flags.allowance,
    cache: flags.cache
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { role, objective } = given
    const initial = given.initial === undefined ? undefined : yield* read(given.initial)
    const choice = yield* Choice.of(given)
    const policies = {
      concurrency: given.concurrency ?? models.concurrency(choice),
      allowance: Allowance.of(given),
      cache: given.cache,
      onFetch: fetching.watch(screen)
    }
    yield* Effect.gen(function* () {
      yield* ticker.working("working")
      const { failure, stopped, value, versions } = yield* Optimize.solution({
        initial: initial ?? (yield* draft(role, objective)),
        role,
        objective,
        ...(given.steps === undefined ? {} : { steps: given.steps })
      })
      for (const [i, { score, judgement }] of versions.entries()) {
        const figure = score === undefined ? "–   " : Figures.score(score)
        yield* screen.err(screen.errStyle.dim(`  version ${i + 1}  ${figure}  ${Sanitize.line(judgement)}`.trimEnd()))
      }
      const cached = yield* ReplyCache.had
      if (cached > 0) {
        yield* screen.err(screen.errStyle.dim(`  ${Figures.of(cached, "reply", "replies")} from the cache`))
      }
      yield* screen.out(Sanitize.text(value))
      // the best so far is printed all the same
      if (stopped === "failed") return yield* Effect.fail(failure)
    }).pipe(Effect.scoped, Effect.provide(models.of(choice, policies)))
  })
).pipe(Command.withDescription("Improve one answer by an objective in words"))
