/** `backprose models` */
import { ModelCatalogue } from "@backprose/local"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Choice from "../models/Choice.ts"
import * as FirstModel from "../models/FirstModel.ts"
import * as weights from "../models/weights.ts"
import * as Figures from "../report/figures.ts"
import * as table from "../report/table.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const models = Command.make(
  "models",
  { baseUrl: flags.models.baseUrl },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { key, baseUrl } = yield* Choice.endpoint(given)
    const embedded = yield* Effect.forEach(ModelCatalogue.all, (entry) =>
      Effect.map(weights.present(entry.name), (path) => [
        `local:${entry.name}`,
        `${entry.title}, ${entry.licence}`,
        path === undefined ? `fetched at first use, ${Figures.bytes(entry.bytes)}` : "ready"
      ])
    )
    const hosted =
      baseUrl === undefined
        ? [
            [
              `openai:${Choice.hostedDefault}`,
              "OpenAI, or any other of its models",
              key === undefined ? "needs OPENAI_API_KEY" : "ready"
            ]
          ]
        : (yield* FirstModel.list(baseUrl, key)).map((model) => [`openai:${model}`, `at ${baseUrl}`, "listed"])
    for (const line of table.lines(["model", "", ""], [...embedded, ...hosted], screen.outStyle))
      yield* screen.out(line)
  })
).pipe(Command.withDescription("List the models that can be named here"))
