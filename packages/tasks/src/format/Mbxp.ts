/** MBXP (Athiwaratkun et al., arXiv 2210.14868), MBPP in TypeScript or JavaScript: JSON lines. */
import * as Schema from "effect/Schema"
import type { Problem } from "./Problem.ts"
import { either, Input, lines } from "./Reader.ts"
import * as Statements from "./Statements.ts"

const Published = Schema.Struct({
  task_id: Schema.String,
  language: Schema.Literals(["typescript", "javascript"]),
  prompt: Schema.String,
  entry_point: Schema.String,
  canonical_solution: Schema.NullOr(Schema.String),
  test: Schema.String
})

/** The published test is a list of cases, each of which ends with its assertion. */
const cases = (test: string): ReadonlyArray<string> => {
  const found: Array<Array<string>> = [[]]
  for (const statement of Statements.split(test, "//")) {
    // `assert` is in scope without it
    if (/^(import\b|const assert\b|declare\b)/.test(statement)) continue
    found.at(-1)?.push(statement)
    if (statement.startsWith("assert")) found.push([])
  }
  return found.map((statements) => statements.join("\n")).filter((text) => text !== "")
}

const problem = (row: typeof Published.Type): Problem => {
  const [first, ...rest] = cases(row.test)
  return {
    id: row.task_id,
    language: row.language,
    prompt: row.prompt,
    entryPoint: row.entry_point,
    publicTests: first === undefined ? [] : [first],
    hiddenTests: rest,
    ...(row.canonical_solution === null ? {} : { reference: row.prompt + row.canonical_solution })
  }
}

const Neutral = Schema.Struct({ ...Input.fields, entry_point: Schema.String, test: Schema.String })

/** The problems. The first published case is the public test, as for MBPP, and the others are hidden. */
export const read = either({
  published: lines(Published, problem),
  neutral: lines(Neutral, ({ id, input, target, ...row }) =>
    problem({ ...row, task_id: id, language: "typescript", prompt: input, canonical_solution: target })
  )
})
