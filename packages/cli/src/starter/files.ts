/**
 * The files of a new project: the same small task written without code and with code, and its data.
 */
import { rows } from "./Dates.ts"

const yaml = `# A task without code. Try it:
#   backprose optimize task.yaml
name: filing dates

# The prompts that are improved. \`role\` says what a prompt is for: critics and editors read it.
parameters:
  instructions:
    text: Write the date the way it is filed.
    role: instructions of the clerk who files dates
    constraints:
      - at most 100 words

# What the model is asked for each row. {date} is a field of the row.
prompt: "Date: {date}"

# The field with the right answer, and what counts as right: exact, contains or number.
target: filed
metric: exact

# One file cut into shares; what is left over is held out for the test.
data:
  file: data.jsonl
  train: 0.4
  validation: 0.25

steps: 4
batch: 4
`

const module = `/**
 * The same task with code, for whatever YAML cannot say. Try it:
 *   backprose optimize task.ts
 */
import { Dataset, Generate, Parameter, Parameters, Task, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Row = Schema.Struct({ date: Schema.String, filed: Schema.String })

const parameters = Parameters.make({
  instructions: Parameter.text("Write the date the way it is filed.", {
    role: "instructions of the clerk who files dates",
    constraints: ["at most 100 words"]
  })
})

export default Effect.gen(function* () {
  const rows = yield* Dataset.jsonl(\`\${import.meta.dirname}/data.jsonl\`, Row)
  return Task.make({
    name: "filing dates",
    parameters,
    forward: (p, { date }: typeof Row.Type) =>
      Generate.text({
        system: p.instructions,
        prompt: Template.make\`Date: \${Variable.constant(date, "date")}\`,
        role: "filed date"
      }),
    metric: (answer, { filed }) =>
      answer.trim() === filed
        ? 1
        : { score: 0, feedback: \`The answer was "\${answer}". It must be exactly "\${filed}".\` },
    ...(yield* Dataset.split(rows, { train: 0.4, validation: 0.25 }, 0))
  })
})
`

/** By name, in the order in which they are told of. */
export const files: ReadonlyArray<readonly [name: string, text: string, what: string]> = [
  ["task.yaml", yaml, "the task, without code"],
  ["task.ts", module, "the same task, with code"],
  ["data.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""), `${rows.length} examples`]
]
