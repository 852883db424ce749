/** `backprose doctor` */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { SomethingMissing } from "../exit/errors.ts"
import * as checks from "../report/checks.ts"
import * as Figures from "../report/figures.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const doctor = Command.make(
  "doctor",
  { baseUrl: flags.models.baseUrl },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { good, bad, dim } = screen.outStyle
    const marks = { good: good("✓"), bad: bad("✗"), open: dim("·") }
    const all = yield* checks.all(given)
    const width = Math.max(...all.map(({ name }) => name.length))
    for (const { name, state, found } of all) {
      yield* screen.out(`  ${marks[state]} ${name.padEnd(width)}  ${Sanitize.line(found)}`)
    }
    const wrong = all.filter(({ state }) => state === "bad")
    if (wrong.length > 0) {
      const names = wrong.map(({ name }) => name).join(", ")
      return yield* new SomethingMissing({ message: `${Figures.of(wrong.length, "check")} failed: ${names}` })
    }
  })
).pipe(Command.withDescription("Look at what this machine has and lacks"))
