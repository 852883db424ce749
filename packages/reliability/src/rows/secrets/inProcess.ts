/** One key, planted wherever a program of the library may meet it, and everything that the program leaves behind. */
import {
  CapturesText,
  Completion,
  Generate,
  Journal,
  type JournalRecord,
  Latest,
  Message,
  Models,
  Parameter,
  Parameters,
  Request,
  Secrets,
  Task,
  Template,
  TextModel,
  TextModelError,
  type TextModelService,
  TextualGradientDescent,
  Trainer,
  Variable
} from "@backprose/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"

/** What was seen and kept, by where. */
export type Left = ReadonlyArray<readonly [where: string, text: string]>

const told = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isSuccess(exit)
    ? JSON.stringify(exit.value)
    : [
        Cause.pretty(exit.cause),
        JSON.stringify(Cause.squash(exit.cause)),
        JSON.stringify(exit.cause),
        ...Cause.prettyErrors(exit.cause, { includeCauseInStack: true }).map((error) => `${error.stack}`)
      ].join("\n")

/** Failures and defects of a provider that quotes what it was asked with. */
const quoting = (key: string): ReadonlyArray<Effect.Effect<Completion.Completion, TextModelError.TextModelError>> => [
  Effect.fail(new TextModelError.Unauthorized({ message: `Incorrect API key provided: ${key}.` })),
  Effect.fail(new TextModelError.ReplyCut({ message: "cut", text: `{"authorization":"Bearer ${key}"` })),
  Effect.die(new Error("fetch failed", { cause: new TypeError(`refused: ${key}`, { cause: key }) })),
  Effect.die(Object.assign(new Error("no"), { request: { headers: { authorization: `Bearer ${key}` } } })),
  Effect.die(`as a text: ${encodeURIComponent(key)}`)
]

const task = (key: string) =>
  Task.make({
    name: "leaky",
    parameters: Parameters.make({
      instructions: Parameter.text(`Answer, with ${key}.`, { role: "instructions", constraints: [`never say ${key}`] })
    }),
    forward: (p, text: string) =>
      Generate.text({
        system: p.instructions,
        prompt: Template.make`${Variable.constant(text, "question")}`,
        role: "answer"
      }),
    metric: () => ({ score: 0.5, feedback: `it should have said ${key}` }),
    train: [
      `My key is ${key}`,
      JSON.stringify({ authorization: `Bearer ${key}` }),
      Buffer.from(`user:${key}`).toString("base64")
    ],
    validation: [],
    test: []
  })

/** `known`: whether the program says that the key is secret, or its model does. `trains`: whether it runs a whole step. */
export const leftBy = Effect.fnUntraced(function* (
  key: string,
  { known, trains }: { readonly known: "program" | "model"; readonly trains: boolean }
): Effect.fn.Return<Left> {
  const seen: Array<Request.Request> = []
  const records: Array<JournalRecord.Record> = []
  const spans: Array<Tracer.NativeSpan> = []
  const secret = [Redacted.make(key)]
  const answer = (request: Request.Request): Effect.Effect<Completion.Completion, TextModelError.TextModelError> => {
    seen.push(request)
    const said = `You said ${key}, or ${key.slice(0, 20)}`
    const properties = (request.output?.jsonSchema as { readonly properties?: object } | undefined)?.properties
    return Effect.succeed(
      Completion.make(
        properties === undefined
          ? said
          : JSON.stringify(Object.fromEntries(Object.keys(properties).map((name) => [name, said])))
      )
    )
  }
  const models = (complete: TextModelService["complete"]) =>
    Models.layer({
      forward: Layer.succeed(TextModel, { complete, ...(known === "model" ? { secrets: secret } : {}) }),
      retry: { times: 0 }
    }).pipe(Layer.provide(known === "program" ? Secrets.layer(secret) : Layer.empty))

  const fitted = Effect.exit(
    Stream.runCollect(Trainer.fit(task(key), { steps: 1, batchSize: 3 })).pipe(
      Effect.provide([TextualGradientDescent.layer(), Latest.layer]),
      Effect.provide(models(answer))
    )
  )
  const asked = (complete: TextModelService["complete"]) =>
    Effect.exit(
      Effect.flatMap(TextModel, (model) =>
        model.complete(Request.make({ purpose: "judge", messages: [Message.user(`Is ${key} right?`)] }))
      ).pipe(Effect.provide(models(complete)))
    )

  const registry = new Map()
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return yield* Effect.gen(function* () {
    const events = trains ? told(yield* fitted) : ""
    const outcomes = [yield* asked(answer)]
    for (const quote of quoting(key)) outcomes.push(yield* asked(() => quote))
    const metrics = JSON.stringify(yield* Metric.snapshot)
    return [
      ["events", events],
      ["replies and errors", outcomes.map(told).join("\n")],
      ["prompts", JSON.stringify(seen)],
      ["journal", JSON.stringify(records)],
      [
        "spans",
        spans
          .map(({ attributes, name, status }) =>
            [name, JSON.stringify([...attributes]), status._tag === "Ended" ? told(status.exit) : ""].join(" ")
          )
          .join("\n")
      ],
      ["metrics", metrics]
    ] as const
  }).pipe(
    Effect.provide(Layer.orDie(Journal.layerMemory(records))),
    Effect.provideService(CapturesText, true),
    Effect.provideContext(Context.make(Tracer.Tracer, tracer).pipe(Context.add(Metric.MetricRegistry, registry)))
  )
})
