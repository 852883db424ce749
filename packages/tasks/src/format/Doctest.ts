/** Examples in the description of a function: a call after `>>>`, and on the next line what it gives. */
import { type Comment, isWhole } from "./Statements.ts"

export interface Example {
  readonly call: string
  readonly result: string
}

const literal = /^(["'[({\d]|-\d|(True|False|None|true|false|null|undefined)$)/

const bare = (line: string) => line.trim().replace(/^(\/\/|\*)\s?/, "")

/**
 * The examples that call the function and give a literal, each on one line. What a description shows in other ways is for the
 * eye: it is no test.
 */
export const examples = (text: string, entryPoint: string, comment: Comment): ReadonlyArray<Example> => {
  const lines = text.split("\n").map(bare)
  return lines.flatMap((line, i) => {
    const call = /^>>>\s*(.*?);?$/.exec(line)?.[1] ?? ""
    // some descriptions put the prompt before the result as well
    const result = (lines[i + 1] ?? "").replace(/^>>>\s*/, "").trim()
    const whole = call.startsWith(`${entryPoint}(`) && call.endsWith(")") && isWhole(call, comment)
    return whole && !result.startsWith(`"""`) && literal.test(result) && isWhole(result, comment)
      ? [{ call, result }]
      : []
  })
}
