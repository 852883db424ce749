/** `backprose init <dir>` */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { FileUnwritable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import { invocation } from "../report/invocation.ts"
import { writeWhole } from "../run/writeWhole.ts"
import { files } from "../starter/files.ts"
import { Screen } from "../terminal/Screen.ts"

export const init = Command.make(
  "init",
  { dir: Argument.String("dir").pipe(Argument.withDescription("a new or empty folder")) },
  Effect.fnUntraced(function* ({ dir }) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const screen = yield* Screen
    const unwritable = (error: PlatformError) =>
      new FileUnwritable({ message: `the folder ${dir} cannot be written: ${fileProblem(error)}` })
    yield* Effect.mapError(fs.makeDirectory(dir, { recursive: true }), unwritable)
    const inside = yield* Effect.mapError(fs.readDirectory(dir), unwritable)
    if (inside.length > 0) return yield* new FileUnwritable({ message: `the folder ${dir} is not empty` })
    for (const [name, text, what] of files) {
      yield* Effect.mapError(writeWhole(path.join(dir, name), text), unwritable)
      yield* screen.out(`  ${path.join(dir, name).padEnd(dir.length + 14)}${what}`)
    }
    yield* screen.out(`\nNow: ${invocation()} optimize ${path.join(dir, "task.yaml")}`)
  })
).pipe(Command.withDescription("Write a small project to start from"))
