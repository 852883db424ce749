import * as Schema from "effect/Schema"

/** The weights of a model cannot be had: what was tried, and what a person can do instead. */
export class WeightsUnavailable extends Schema.TaggedError<WeightsUnavailable>()("WeightsUnavailable", {
  message: Schema.String,
  /** The name of the model, or the path that was given. */
  model: Schema.String,
  /** One line an attempt: the source, and why it failed. */
  tried: Schema.Array(Schema.String)
}) {}

const advice = [
  "  - give a model file of your own: BACKPROSE_MODEL_PATH=/path/to/model.gguf",
  "  - use a running OpenAI-compatible server: --base-url http://127.0.0.1:8080/v1",
  "  - use a hosted model: set OPENAI_API_KEY"
]

/** @internal */
export const make = (model: string, tried: ReadonlyArray<string>): WeightsUnavailable =>
  new WeightsUnavailable({
    model,
    tried,
    message: [
      `The weights of ${model} cannot be had. Tried:`,
      ...tried.map((line) => `  - ${line}`),
      "What you can do:",
      ...advice
    ].join("\n")
  })
