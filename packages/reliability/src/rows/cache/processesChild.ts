/** One of several processes that ask the same questions of the same cache at once, in an order of its own. */
import { Cache } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Asking from "./Asking.ts"
import * as Dice from "./Dice.ts"

const [folder = "", seed = "", asked = "", maxBytes = "", rounds = ""] = process.argv.slice(2)

const dice = Dice.make(Number(seed))
const questions = Array.from({ length: Number(asked) }, (_, i) => `question ${i}`)
// from a few bytes to half a megabyte: a torn one would be seen
const model = (paid: Asking.Paid) =>
  Asking.model(
    paid,
    (question) =>
      `${question}: ${question.repeat(10 + ((question.length * 7919 * question.charCodeAt(question.length - 1)) % 40_000))}`
  )

const paid: Asking.Paid = new Map()
const said: Array<string> = []
const program = Effect.gen(function* () {
  const of = model(paid)
  const outcomes = []
  for (let round = 0; round < Number(rounds); round++) {
    outcomes.push(...(yield* Asking.askAll(Dice.shuffled(dice, questions), of, 4)))
  }
  return outcomes.filter(({ question, text }) => !text?.startsWith(`${question}: ${question}`)).length
}).pipe(
  Effect.provide(Cache.layerFolder(folder, { maxBytes: Number(maxBytes) })),
  Effect.provide(Asking.listening(said)),
  Effect.provide(NodeServices.layer)
)
const wrong = await Effect.runPromise(program)
process.stdout.write(JSON.stringify({ wrong, paid: Object.fromEntries(paid), said }))
