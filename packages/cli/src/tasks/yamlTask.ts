/**
 * A task from a YAML file: prompts as parameters, one model call a row, and the right answers in a data file.
 */
import { Generate, Parameter, Parameters, Select, Task, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { TaskUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import { type AnyTask, type DataOptions, type LoadedTask, limited } from "./LoadedTask.ts"
import * as Located from "./yaml/Located.ts"
import * as Metric from "./yaml/Metric.ts"
import * as rows from "./yaml/rows.ts"
import * as Slots from "./yaml/Slots.ts"
import { TaskFile } from "./yaml/TaskFile.ts"

type Row = rows.Row
type Texts = { readonly [name: string]: Variable.Variable<string> }

/** The prompts of a file with the names in them sorted out, or what is wrong with them. */
const prompts = Effect.fnUntraced(function* ({ value: task, refuse }: Located.Located<TaskFile>) {
  const parameters = Object.keys(task.parameters)
  if (parameters.length === 0) return yield* refuse(["parameters"], "there is none: nothing could be improved")
  const prompt = Slots.parse(task.prompt)
  const unseen = parameters.filter((name) => !Slots.names(prompt).includes(name))
  const system = Slots.parse(task.system ?? unseen.map((name) => `{${name}}`).join("\n\n"))
  const stranger = Slots.names(system).find((name) => !parameters.includes(name))
  if (stranger !== undefined) return yield* refuse(["system"], `there is no parameter "${stranger}"`)
  const unused = unseen.find((name) => !Slots.names(system).includes(name))
  if (unused !== undefined) return yield* refuse(["parameters", unused], "no prompt shows it")
  const fields = Slots.names(prompt).filter((name) => !parameters.includes(name))
  if (fields.includes(task.target)) return yield* refuse(["prompt"], `it shows the right answer, {${task.target}}`)
  if (fields.length === 0) return yield* refuse(["prompt"], "it shows no field of the data, such as {question}")
  const feedback = Slots.parse(task.feedback ?? 'The answer was "{output}". The right answer is "{target}".')
  const unknown = Slots.names(feedback).find((name) => !["output", "target", ...fields].includes(name))
  if (unknown !== undefined) return yield* refuse(["feedback"], `there is nothing called {${unknown}} here`)
  return { prompt, system, fields, feedback }
})

/** The task of the file at `path`; errors name it as `spec`. */
export const load = Effect.fnUntraced(function* (
  spec: string,
  path: string,
  options: DataOptions
): Effect.fn.Return<LoadedTask, unknown, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const text = yield* Effect.mapError(
    fs.readFileString(path),
    (error) => new TaskUnreadable({ message: `${spec}: cannot be read: ${fileProblem(error)}` })
  )
  const located = yield* Located.read(spec, text, TaskFile)
  const { value: file } = located
  const { prompt, system, fields, feedback } = yield* prompts(located)
  const cwd = paths.resolve(".")
  const shown = (whole: string) => (whole.startsWith(cwd) ? paths.relative(cwd, whole) : whole)
  const sets = yield* rows.load(located, paths.dirname(path), shown, fields)

  const parameters = Parameters.make(
    Object.fromEntries(
      Object.entries(file.parameters).map(([name, { text, role, constraints }]) => [
        name,
        Parameter.text(text.trim(), { role, constraints: constraints ?? [] })
      ])
    )
  )
  const Label = Schema.Struct({ label: Schema.Literals(file.labels ?? []) })
  const right = Metric.all[file.metric]
  const task = Task.make({
    name: file.name ?? paths.basename(path).replace(/\.ya?ml$/, ""),
    parameters,
    forward: (p: Texts, row: Row) => {
      const slot = (name: string) => p[name] ?? Variable.constant(row.fields[name], name)
      const question = {
        ...(system.length === 0 ? {} : { system: Slots.fill(system, slot) }),
        prompt: Slots.fill(prompt, slot),
        role: file.target
      }
      return file.labels === undefined
        ? Generate.text(question)
        : Effect.map(Generate.object({ ...question, schema: Label, name: "label" }), (label) =>
            Select.field(label, "label", file.target)
          )
    },
    metric: (output: string, row: Row) =>
      right(output, row.target) || {
        score: 0,
        feedback: Slots.text(feedback, (name) =>
          name === "output" ? output : name === "target" ? row.target : Variable.render(row.fields[name])
        )
      },
    train: sets.train,
    validation: sets.validation,
    test: sets.test
  })
  return {
    spec,
    task: limited(task as unknown as AnyTask, options.limit),
    defaults: { steps: file.steps, batchSize: file.batch }
  }
})
