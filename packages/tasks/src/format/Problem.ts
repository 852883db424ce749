/** A programming problem with its tests. */
import * as Schema from "effect/Schema"

/**
 * Tests are code in the language of the problem. Each is one test where the published format allows it to be taken apart, and
 * the whole published test otherwise. A test may have several lines and names of its own: it runs in a scope of its own, after
 * the solution, sees all that the solution defines at its top level, and raises when the solution is wrong. JavaScript and
 * TypeScript tests find `assert` in scope, the module `node:assert` (a function with `deepEqual` and so on).
 */
export const Problem = Schema.Struct({
  id: Schema.String,
  language: Schema.Literals(["python", "javascript", "typescript"]),
  /** What a model is given: a description, often with the head of the function in code. */
  prompt: Schema.String,
  /** The name that tests call. */
  entryPoint: Schema.String,
  /** May be shown to a model and run while it improves its solution. */
  publicTests: Schema.Array(Schema.String),
  /** Decide whether a solution is right; no method sees them. Where there are none, the public ones decide. */
  hiddenTests: Schema.Array(Schema.String),
  /** Code that goes before a solution: imports and functions which the prompt shows, so that a solution may leave them out. */
  preamble: Schema.optionalKey(Schema.String),
  /** A published solution: a whole program, after the preamble. Never for a prompt. */
  reference: Schema.optionalKey(Schema.String)
})

export interface Problem extends Schema.Schema.Type<typeof Problem> {}

/**
 * Tests as a problem has them: where its description shows none, the first of several hidden ones is public, as for MBPP, since
 * no method improves code that nothing was tried on.
 */
export const shown = (
  publicTests: ReadonlyArray<string>,
  hiddenTests: ReadonlyArray<string>
): Pick<Problem, "publicTests" | "hiddenTests"> =>
  publicTests.length > 0 || hiddenTests.length < 2
    ? { publicTests, hiddenTests }
    : { publicTests: hiddenTests.slice(0, 1), hiddenTests: hiddenTests.slice(1) }
