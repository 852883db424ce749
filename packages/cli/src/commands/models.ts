/** `backprose models` */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as BaseUrl from "../models/BaseUrl.ts"
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
    const embedded = (yield* weights.all).map(({ name, title, bytes, file }) => [
      `local:${name}`,
      title,
      Result.isSuccess(file)
        ? "ready"
        : bytes === undefined
          ? file.failure
          : `fetched at first use, ${Figures.bytes(bytes)}`
    ])
    const hosted =
      baseUrl === undefined
        ? [
            [
              `openai:${Choice.hostedDefault}`,
              "OpenAI, or any other of its models",
              key === undefined ? "needs OPENAI_API_KEY" : "ready"
            ]
          ]
        : (yield* FirstModel.list(baseUrl, key)).map((model) => [
            `openai:${model}`,
            `at ${BaseUrl.shown(baseUrl)}`,
            "listed"
          ])
    for (const line of table.lines(["model", "", ""], [...embedded, ...hosted], screen.outStyle))
      yield* screen.out(line)
  })
).pipe(Command.withDescription("List the models that can be named here"))
