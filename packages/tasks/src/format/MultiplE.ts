/** HumanEval of MultiPL-E (Cassano et al., arXiv 2208.08227) in TypeScript and JavaScript: JSON lines, without solutions. */
import * as Schema from "effect/Schema"
import * as Examples from "./Examples.ts"
import { type Problem, shown } from "./Problem.ts"
import { either, lines } from "./Reader.ts"
import * as Statements from "./Statements.ts"

const Published = Schema.Struct({
  name: Schema.String,
  language: Schema.Literals(["ts", "js"]),
  prompt: Schema.String,
  tests: Schema.String
})

const signature = /function\s+(\w+)\s*\(/g

/** The assertions of the published `test`, each by itself, or all of it where it has anything else. */
const hidden = (test: string, entryPoint: string): ReadonlyArray<string> => {
  const begin = test.indexOf("function test()")
  const end = test.lastIndexOf("}")
  const [first, ...statements] = Statements.split(test.slice(test.indexOf("{", begin) + 1, end), "//")
  return begin >= 0 &&
    first === `let candidate = ${entryPoint};` &&
    statements.every((one) => one.startsWith("assert."))
    ? statements.map((statement) => statement.replaceAll(/\bcandidate\b/g, entryPoint))
    : [test.slice(Math.max(begin, 0)).trim()]
}

const problem = (row: typeof Published.Type): Problem => {
  const last = [...row.prompt.matchAll(signature)].at(-1)
  const entryPoint = last?.[1] ?? ""
  return {
    id: row.name,
    language: row.language === "ts" ? "typescript" : "javascript",
    prompt: row.prompt,
    entryPoint,
    ...shown(
      Examples.examples(row.prompt, entryPoint).map(({ call, result }) => `assert.deepEqual(${call}, ${result});`),
      hidden(row.tests, entryPoint)
    )
  }
}

const Neutral = Schema.Struct({ id: Schema.String, input: Schema.String, test: Schema.String })

/**
 * The problems. Public tests are the examples of the description, as published: some contradict the hidden tests, those of 47,
 * 116, 140 and 148 among them, where a description was not translated as its tests were. Where there are none, the first
 * assertion of the test is public.
 */
export const read = either({
  published: lines(Published, problem),
  neutral: lines(Neutral, ({ id, input, test }) =>
    problem({ name: id, language: /\bts\b/.test(id) ? "ts" : "js", prompt: input, tests: test })
  )
})
