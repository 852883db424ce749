/** `backprose serve` */
import { Endpoint, LocalModel, ModelCatalogue } from "@backprose/local"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { OptionInvalid } from "../exit/errors.ts"
import * as ModelName from "../models/ModelName.ts"
import * as fetching from "../report/fetching.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }, { expected: "a port from 0 to 65535" }))

export const serve = Command.make(
  "serve",
  {
    port: Flag.Int("port").pipe(
      Flag.withSchema(Port),
      Flag.withMetavar("N"),
      Flag.withDescription("0 takes a free one (default 8080)"),
      Flag.withDefault(8080)
    ),
    model: Flag.String("model").pipe(
      Flag.withMetavar("P:M"),
      Flag.withDescription(`the embedded model (default local:${ModelCatalogue.defaultName})`),
      Flag.withDefault(`local:${ModelCatalogue.defaultName}`)
    ),
    concurrency: flags.whole("concurrency", 1, "requests answered at once (default: a core each)")
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { provider, model } = yield* ModelName.parse(given.model)
    if (provider !== "local") {
      return yield* new OptionInvalid({
        message: `--model ${given.model}: only embedded models (local:NAME) are served`
      })
    }
    yield* Effect.gen(function* () {
      const { url } = yield* Endpoint.serve({ port: given.port, model })
      yield* screen.redraw("")
      yield* screen.out(url)
      yield* screen.err(`serving ${model} to OpenAI-compatible clients on this machine; Ctrl-C stops`)
      yield* Effect.never
    }).pipe(
      Effect.scoped,
      Effect.provide(LocalModel.layer({ model, contexts: given.concurrency, onProgress: fetching.watch(screen) }))
    )
  })
).pipe(Command.withDescription("Serve the embedded model to OpenAI-compatible clients on this machine"))
