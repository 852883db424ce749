/** HumanEval (Chen et al., arXiv 2107.03374) in Python: JSON lines. */
import * as Schema from "effect/Schema"
import * as Examples from "./Examples.ts"
import { type Problem, shown } from "./Problem.ts"
import { either, Input, lines } from "./Reader.ts"
import * as Statements from "./Statements.ts"

const Published = Schema.Struct({
  task_id: Schema.String,
  prompt: Schema.String,
  entry_point: Schema.String,
  canonical_solution: Schema.String,
  test: Schema.String
})

const check = "def check(candidate):"

/** The assertions of the published `check`, each by itself, where it is nothing but assertions; else all of it. */
const hidden = (test: string, entryPoint: string): ReadonlyArray<string> => {
  const body = test.slice(test.indexOf(check) + check.length)
  const statements = Statements.split(body, "#")
    // says nothing of the solution: "assert True, 'This prints if this assert fails'"
    .filter((statement) => !/^assert True\s*(,|$)/.test(statement))
  return test.includes(check) && statements.every((statement) => statement.startsWith("assert "))
    ? statements.map((statement) => statement.replaceAll(/\bcandidate\b/g, entryPoint))
    : [`${test.trim()}\n\ncheck(${entryPoint})`]
}

/** What some descriptions write in the words of another language. */
const spelt: Record<string, string> = { true: "True", false: "False", null: "None" }

const problem = (row: typeof Published.Type): Problem => {
  // what stands before the function: imports, and functions that it may call
  const begin = Math.max(0, row.prompt.lastIndexOf(`def ${row.entry_point}(`))
  const preamble = row.prompt.slice(0, begin).trim()
  return {
    id: row.task_id,
    language: "python",
    prompt: row.prompt,
    entryPoint: row.entry_point,
    ...shown(
      Examples.examples(row.prompt.slice(begin), row.entry_point).map(
        ({ call, result }) => `assert ${call} == ${spelt[result] ?? result}`
      ),
      hidden(row.test, row.entry_point)
    ),
    ...(preamble === "" ? {} : { preamble }),
    reference: row.prompt.slice(begin) + row.canonical_solution
  }
}

const Neutral = Schema.Struct({ ...Input.fields, entry_point: Schema.String, test: Schema.String })

/**
 * The problems. Public tests are the examples of the description, as published (one of 47 and one of 116 contradict the
 * hidden tests), where it has any in a form that leaves nothing open; else the first assertion of the test is public.
 */
export const read = either({
  published: lines(Published, problem),
  neutral: lines(Neutral, ({ id, input, target, ...row }) =>
    problem({ ...row, task_id: id, prompt: input, canonical_solution: target })
  )
})
