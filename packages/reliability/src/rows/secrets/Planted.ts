/** S1: keys are planted wherever there is a place for one; afterwards all that was written, shown and sent is searched. */
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as byCommand from "./byCommand.ts"
import * as inProcess from "./inProcess.ts"
import * as leaks from "./leaks.ts"
import { isSendable, keys } from "./shapes.ts"

const seed = 20_261_122
const planted = 1000
const perCommand = 40

/** A place where nothing was masked held nothing: then the search says nothing either. */
const unproven = (left: inProcess.Left, name: string, wanted: ReadonlyArray<string>): ReadonlyArray<string> =>
  wanted.flatMap((where) =>
    left.some(([at, text]) => at.endsWith(where) && text.includes("***")) ? [] : [`${name}: no key came to ${where}`]
  )

const search = (left: inProcess.Left, secrets: ReadonlyArray<string>, name: string): ReadonlyArray<string> =>
  left.flatMap(([where, text]) => leaks.find(secrets, `${name}: ${where}`, text))

const inLibrary = (all: ReadonlyArray<string>) =>
  Effect.forEach(all, (key, i) =>
    Effect.gen(function* () {
      const trains = i % 10 < 2
      const left = yield* inProcess.leftBy(key, { known: i % 2 === 0 ? "program" : "model", trains })
      const proven = ["replies and errors", "prompts", "journal", "spans", ...(trains ? ["events"] : [])]
      return [...search(left, [key], `key ${i}`), ...unproven(left, `key ${i}`, proven)]
    })
  )

const inCommands = (all: ReadonlyArray<string>) =>
  Effect.forEach(
    byCommand.uses,
    (use, i) =>
      Effect.gen(function* () {
        const own = all.slice(i * perCommand, (i + 1) * perCommand)
        const first = own.find(isSendable)!
        const secrets = [first, ...own.filter((key) => key !== first)]
        const left = yield* byCommand.leftBy(use, secrets)
        return [...search(left, secrets, use.name), ...unproven(left, use.name, ["prompts", "collector", "log.jsonl"])]
      }).pipe(
        Effect.scoped,
        Effect.catch((why) => Effect.succeed([`${use.name}: ${why}`]))
      ),
    { concurrency: 2 }
  )

/** No secret is written, shown or sent. */
export const secretsStay: Row = {
  id: "S1",
  title: "keys in prompts, data, environment, headers, replies, errors and their causes turn up nowhere",
  wanted: `0 of ${planted} keys`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const all = keys(seed, planted)
    const found = [...(yield* inLibrary(all)).flat(), ...(yield* inCommands(all)).flat()]
    return {
      figure: `${found.length} hits of ${planted} keys, ${byCommand.uses.length * perCommand} of them by the command`,
      held: found.length === 0,
      details: [`seed ${seed}`, ...found.slice(0, 20)]
    }
  })
}
