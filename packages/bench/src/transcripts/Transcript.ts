/**
 * Recorded runs of Python TextGrad on small programs: what was built, every model call with its reply, and how it ended.
 * The recordings are not part of this repository.
 */
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Names = Schema.Array(Schema.String)
const ByName = Schema.Record(Schema.String, Schema.String)

/** A text that the program gives from outside, trainable or not. */
const Given = Schema.Struct({ value: Schema.String, role: Schema.String, requiresGrad: Schema.Boolean })

const op = <const Name extends string, F extends Schema.Struct.Fields>(name: Name, fields: F) =>
  Schema.Struct({ op: Schema.tag(name), ...fields })

/** One line of a program. `out` names the variable that it makes. */
export const Op = Schema.Union([
  op("variable", { name: Schema.String, ...Given.fields }),
  op("textLoss", {
    prompt: Schema.optionalKey(Schema.String),
    promptVariable: Schema.optionalKey(Schema.String),
    input: Schema.String,
    out: Schema.String
  }),
  op("blackbox", { name: Schema.String, systemPrompt: Schema.String }),
  op("call", { module: Schema.String, input: Schema.String, out: Schema.String }),
  op("llmCall", { input: Schema.String, out: Schema.String }),
  op("formattedCall", { name: Schema.String, format: Schema.String, systemPrompt: Schema.optionalKey(Given) }),
  op("callFormatted", { module: Schema.String, inputs: ByName, responseRole: Schema.String, out: Schema.String }),
  op("multiField", { name: Schema.String, instruction: Given, roles: Names }),
  op("callList", { module: Schema.String, inputs: Names, out: Schema.String }),
  op("stringFunction", { name: Schema.String, fn: Schema.String, purpose: Schema.String }),
  op("callNamed", { module: Schema.String, inputs: ByName, out: Schema.String }),
  op("sum", { inputs: Names, out: Schema.String }),
  op("aggregate", { inputs: Names, out: Schema.String }),
  op("add", { left: Schema.String, right: Schema.String, out: Schema.String }),
  op("setRole", { variable: Schema.String, role: Schema.String }),
  op("backward", { of: Schema.String }),
  op("optimizer", {
    name: Schema.String,
    kind: Schema.Literals(["tgd", "momentum"]),
    params: Names,
    options: Schema.Struct({
      constraints: Schema.optionalKey(Names),
      inContextExamples: Schema.optionalKey(Names),
      newVariableTags: Schema.optionalKey(Names),
      gradientMemory: Schema.optionalKey(Schema.Int),
      momentumWindow: Schema.optionalKey(Schema.Int)
    })
  }),
  op("zeroGrad", { optimizer: Schema.String }),
  op("step", { optimizer: Schema.String })
])
export type Op = typeof Op.Type

/** One model call, as it was sent and answered. */
export const Call = Schema.Struct({
  kind: Schema.Literals(["forward", "backward", "optimizer"]),
  system_prompt: Schema.NullOr(Schema.String),
  content: Schema.String,
  response: Schema.String
})
export type Call = typeof Call.Type

export const Transcript = Schema.Struct({
  id: Schema.String,
  program: Schema.Array(Op),
  calls: Schema.Array(Call),
  /** The variables at the end; absent where the run failed. */
  result: Schema.NullOr(
    Schema.Record(
      Schema.String,
      Schema.Struct({
        value: Schema.String,
        role: Schema.String,
        gradients: Schema.Array(Schema.Struct({ value: Schema.String }))
      })
    )
  ),
  error: Schema.NullOr(Schema.String)
})
export type Transcript = typeof Transcript.Type

const repository = join(import.meta.dirname, "..", "..", "..", "..")

/** Where the recordings lie: in a folder `data` of `BACKPROSE_SHARED`, or beside the repository. */
export const path = (environment: Record<string, string | undefined> = process.env): string =>
  join(
    environment["BACKPROSE_SHARED"] ?? join(repository, "..", "shared"),
    "data",
    "recorded",
    "textgrad-transcripts",
    "transcripts.jsonl"
  )

/** Whether the recordings are there at all. */
export const available = (file: string): boolean => existsSync(file)

const line = Schema.decodeEffect(Schema.fromJsonString(Transcript))

/** All recordings. */
export const load = (file: string) =>
  Effect.flatMap(
    Effect.promise(() => readFile(file, "utf8")),
    (text) =>
      Effect.forEach(
        text.split("\n").filter((one) => one !== ""),
        (one) => line(one)
      )
  )
