/** One answer, improved by an objective in words. */
import { Generate, Optimize } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { FileUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as ReplyCache from "../models/ReplyCache.ts"
import * as Figures from "../report/figures.ts"
import * as ticker from "../report/ticker.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"

export interface Given {
  readonly role: string
  readonly objective: string
  readonly initial: string | undefined
  readonly steps: number | undefined
}

/** The text of `--initial`: a file, or standard input. */
export const read = Effect.fnUntraced(function* (file: string) {
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

/** Prints each version's judgement as it was, then the answer that was chosen. */
export const run = Effect.fnUntraced(function* ({ initial, objective, role, steps }: Given) {
  const screen = yield* Screen
  yield* ticker.working("working")
  const { failure, stopped, value, versions } = yield* Optimize.solution({
    initial: initial ?? (yield* draft(role, objective)),
    role,
    objective,
    ...(steps === undefined ? {} : { steps })
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
})
