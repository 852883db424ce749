/** HumanEval-X (Zheng et al., arXiv 2303.17568) in JavaScript: JSON lines. */
import * as Schema from "effect/Schema"
import { type Problem, shown } from "./Problem.ts"
import { either, Input, lines } from "./Reader.ts"
import * as Statements from "./Statements.ts"

const Published = Schema.Struct({
  task_id: Schema.String,
  prompt: Schema.String,
  declaration: Schema.String,
  canonical_solution: Schema.String,
  test: Schema.String,
  example_test: Schema.String
})

const assertion = "console.assert("

/** The assertions inside of the published test function, each by itself, or the whole test where it has anything else. */
const tests = (published: string): ReadonlyArray<string> => {
  const body = published.slice(published.indexOf("{") + 1, published.lastIndexOf("}"))
  const statements = Statements.split(body, "//")
  const listed = statements.every((statement) => statement.startsWith(assertion))
  const parts = published.trim() === "" ? [] : listed ? statements : [published.trim()]
  // console.assert says that it failed, and goes on
  return parts.map((part) => part.replaceAll(assertion, "assert("))
}

const problem = ({ declaration, ...row }: typeof Published.Type): Problem => {
  const functions = [...declaration.matchAll(/(?:const|let|var|function)\s+(\w+)\s*(?==|\()/g)]
  const last = functions.at(-1)
  const preamble = declaration.slice(0, last?.index ?? 0).trim()
  return {
    id: row.task_id,
    language: "javascript",
    prompt: row.prompt,
    entryPoint: last?.[1] ?? "",
    ...shown(tests(row.example_test), tests(row.test)),
    ...(preamble === "" ? {} : { preamble }),
    reference: declaration.slice(last?.index ?? 0) + row.canonical_solution
  }
}

const Neutral = Schema.Struct({
  ...Input.fields,
  declaration: Schema.String,
  test: Schema.String,
  example_test: Schema.String
})

/** The problems. Public tests are the published `example_test`; where it is empty, the first assertion of the test is public. */
export const read = either({
  published: lines(Published, problem),
  neutral: lines(Neutral, ({ id, input, target, ...row }) =>
    problem({ ...row, task_id: id, prompt: input, canonical_solution: target })
  )
})
