/**
 * A task for people who write no code, as it stands in a YAML file.
 */
import * as Schema from "effect/Schema"

const Text = Schema.String.check(
  Schema.makeFilter((text: string) => text.trim() !== "", { expected: "a text that is not empty" })
)

/** A part of the data file, as a share of its rows. */
export const Share = Schema.Finite.check(
  Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a share from 0 to 1, or a file" })
)

const from = (minimum: number) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum, { expected: `a whole number from ${minimum}` }))

const Set = Schema.Union([Share, Text])

export const TaskFile = Schema.Struct({
  /** Default: the name of the file. */
  name: Schema.optionalKey(Text),
  /** The prompts that are improved, by name. */
  parameters: Schema.Record(
    Schema.String,
    Schema.Struct({
      text: Text,
      /** What it is for, in words; critics and editors read it. */
      role: Text,
      constraints: Schema.optionalKey(Schema.Array(Text))
    })
  ),
  /** The system prompt, with {parameters} in it. Default: all parameters that the prompt does not show. */
  system: Schema.optionalKey(Text),
  /** What the model is asked for each row, with {fields} of the row in it. */
  prompt: Text,
  /** The field of the row that holds the right answer. */
  target: Text,
  /** `exact`: the same text; `contains`: the answer is in the reply; `number`: the last number of the reply. */
  metric: Schema.Literals(["exact", "contains", "number"]),
  /** The only answers there are: the model is made to choose one of them. */
  labels: Schema.optionalKey(Schema.Array(Text)),
  /** What the critic is told of a wrong answer, with {output}, {target} and {fields} in it. */
  feedback: Schema.optionalKey(Text),
  /** One file cut into shares, or a file for each set; paths are relative to the YAML file. */
  data: Schema.Struct({
    file: Schema.optionalKey(Text),
    train: Schema.optionalKey(Set),
    validation: Schema.optionalKey(Set),
    test: Schema.optionalKey(Set)
  }),
  /** What a run takes where the command line does not say. */
  steps: Schema.optionalKey(from(0)),
  batch: Schema.optionalKey(from(1))
})
export type TaskFile = typeof TaskFile.Type
