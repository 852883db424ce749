/**
 * A small programming exercise of our own, in two languages from one table of cases: arguments and result are JSON, so each
 * case is a test in both.
 */
import type * as Schema from "effect/Schema"
import type { Problem } from "../../format/Problem.ts"

/** Arguments, and what the function gives for them. */
interface Case {
  readonly args: ReadonlyArray<Schema.Json>
  readonly result: Schema.Json
}

export interface Exercise {
  /** Of the function, in both languages. */
  readonly name: string
  /** What it does, in words that leave nothing open. */
  readonly about: string
  /** Its parameters and its result, as Python writes them: `(text: str) -> str`. */
  readonly types: string
  /** The public cases, one a line: its arguments and its result, as JSON: `"abc", 2 -> "ab"`. */
  readonly shown: string
  /** The hidden ones, among them the edges that a hasty solution misses. */
  readonly hidden: string
  /** A whole solution in each language. */
  readonly python: string
  readonly javascript: string
}

/** The languages that exercises come in. */
export type Language = "python" | "javascript"

/** The exercise as a problem in a language. */
export const problem = (exercise: Exercise, language: Language): Problem => {
  const { hidden, name, shown } = exercise
  return {
    id: `exercises/${language}/${name}`,
    language,
    entryPoint: name,
    prompt: head(exercise)[language],
    publicTests: cases(shown).map((one) => test(one, name)[language]),
    hiddenTests: cases(hidden).map((one) => test(one, name)[language]),
    reference: exercise[language]
  }
}

const head = ({ about, name, types }: Exercise): Record<Language, string> => ({
  python: `def ${name}${types}:\n    """${about}"""\n`,
  javascript: `/** ${about} */\nfunction ${name}(${parameters(types)}) {\n`
})

/** The names of parameters in `(text: str, width: int) -> str`. */
const parameters = (types: string): string =>
  [...types.matchAll(/(?<=\(|, )(\w+):/g)].map(([, name]) => name).join(", ")

const cases = (table: string): ReadonlyArray<Case> =>
  table
    .trim()
    .split("\n")
    .map((line) => {
      const [args = "", result = ""] = line.split(" -> ")
      return { args: JSON.parse(`[${args}]`), result: JSON.parse(result) }
    })

const test = ({ args, result }: Case, name: string): Record<Language, string> => ({
  python: `assert ${name}(${args.map(pythonic).join(", ")}) == ${pythonic(result)}`,
  javascript: `assert.deepStrictEqual(${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")}), ${JSON.stringify(result)})`
})

/** A JSON value as Python writes it. */
const pythonic = (value: Schema.Json): string => {
  if (value === null) return "None"
  if (value === true) return "True"
  if (value === false) return "False"
  if (Array.isArray(value)) return `[${value.map(pythonic).join(", ")}]`
  if (typeof value !== "object") return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${pythonic(one)}`)
    .join(", ")}}`
}
