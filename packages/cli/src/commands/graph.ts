/** `backprose graph <task>` */
import { Backward, Diagram, GradientMap, Graph, Snapshot } from "@backprose/core"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { OptionInvalid } from "../exit/errors.ts"
import * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import * as fetching from "../report/fetching.ts"
import * as ticker from "../report/ticker.ts"
import * as Task from "../tasks/load.ts"
import * as services from "../tasks/services.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const encode = Schema.encodeSync(Schema.fromJsonString(Snapshot.Snapshot))

export const graph = Command.make(
  "graph",
  {
    task: flags.task,
    example: flags.whole("example", 0, "the place of a training example, from 0 (default 0)"),
    format: Flag.Literals("format", ["mermaid", "dot", "json"]).pipe(
      Flag.withDescription("how it is drawn (default mermaid)"),
      Flag.withDefault("mermaid" as const)
    ),
    backward: Flag.Boolean("backward").pipe(
      Flag.withDescription("with the feedback of a backward pass"),
      Flag.withDefault(false)
    ),
    ...flags.models,
    ...flags.examples
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { task } = yield* Task.load(given.task, { ...given, limit: undefined })
    const index = given.example ?? 0
    const example = task.train[index]
    if (example === undefined) {
      const last = task.train.length - 1
      return yield* new OptionInvalid({
        message: last < 0 ? "the task has no training examples" : `--example ${index}: the examples are 0 to ${last}`
      })
    }
    const choice = yield* Choice.of(given)
    const concurrency = models.concurrency(choice)
    yield* Effect.gen(function* () {
      yield* ticker.working("working")
      const loss = yield* Effect.flatMap(task.forward(task.parameters, example), (output) => task.loss(output, example))
      const gradients = given.backward ? yield* Backward.run(loss) : GradientMap.empty
      const snapshot = Snapshot.of(Graph.make(loss), (variable) => GradientMap.criticism(gradients, variable))
      const options = { feedback: given.backward }
      yield* screen.out(
        given.format === "json"
          ? Sanitize.json(encode(snapshot))
          : Sanitize.text(Diagram[given.format](snapshot, options).trimEnd())
      )
    }).pipe(
      Effect.scoped,
      Effect.provide(services.of(choice, { concurrency, allowance: {}, onFetch: fetching.watch(screen) }))
    )
  })
).pipe(Command.withDescription("Draw the graph of one example"))
