/** A wrong command line in one line of plain words. */
import type * as CliError from "effect/cli/CliError"
import * as Sanitize from "../terminal/Sanitize.ts"
import { describe } from "./describe.ts"

const guess = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.map((one) => one.trim()).join(" or ")}?`

/** One problem of it, harmless for a terminal: what was typed may come from a file. */
export const problem = (error: CliError.CliError): string => Sanitize.line(worded(error))

const worded = (error: CliError.CliError): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `there is no flag ${error.option}${guess(error.suggestions)}`
    case "UnknownSubcommand":
      return `there is no command "${error.subcommand}"${guess(error.suggestions)}`
    case "MissingArgument":
      return `<${error.argument}> is missing`
    case "MissingOption":
      return `--${error.option} is missing`
    case "UnexpectedArgument":
      return `"${error.arguments.join(" ")}" is one argument too many`
    case "InvalidValue": {
      const name = error.kind === "flag" ? `--${error.option}` : `<${error.option}>`
      const wanted = error.expected.replace(/^Schema validation failed: /, "").replace(/^Expected /, "")
      return `${name} "${error.value}": expected ${wanted.replace("a string representing a finite number", "a number")}`
    }
    default:
      return describe(error)
  }
}
