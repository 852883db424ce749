/**
 * Examples in the description of a function, as tests may be made of them: a call and what it gives, in the forms that leave
 * nothing open. What a description shows in other ways is for the eye: it is no test.
 */

/** A call and its result, both written as literals of the language. */
export interface Example {
  readonly call: string
  readonly result: string
}

const values =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|-?\b\d+(?:\.\d*)?(?:e[+-]?\d+)?\b|\b(?:True|False|None|true|false|null|undefined)\b/g

const brackets = /\[(?:v(?:,v)*,?)?\]|\((?:v(?:,v)*,?)?\)|\{(?:v(?::v)?(?:,v(?::v)?)*,?)?\}/g

/** Whether a text is one literal: values, and lists and tables of them. */
const isLiteral = (text: string): boolean => {
  let shape = text.replaceAll(values, "v").replaceAll(/\s+/g, "")
  for (let before = ""; before !== shape; ) {
    before = shape
    shape = shape.replaceAll(brackets, "v")
  }
  return shape === "v"
}

// a comment or a full stop may follow; in brackets alone, a value may have been meant as a tuple of one
const resultIn = (text: string): string | undefined =>
  [text, text.replace(/\s*(?:#|\/\/).*$/, "")]
    .map((one) => one.trim().replace(/\.$/, ""))
    .find((one) => isLiteral(one) && (one === "()" || !/^\([^,]*\)$/.test(one)))

const bare = (line: string) =>
  line
    .trim()
    .replace(/^(?:\/\/|\*)\s?/, "")
    .trim()

/** `f(1) == 2`, `f(1) => 2`, `f(1) ➞ 2`, `f(1) returns 2`. No `f(1) = 2`: mathematics writes its own functions so. */
const separators = /\s*(?:#\s*)?(?:={1,2}>|==|->|➞|\breturns\b|\bshould return\b)/g

/** Values by their names, or one without a name, in the order in which the head has them. */
const given = (text: string, names: ReadonlyArray<string>): string | undefined => {
  const named = new RegExp(`^${names.map((name) => `${name}\\s*=\\s*(.+)`).join(",\\s*")}$`)
  const args = named.exec(text.trim())?.slice(1) ?? (names.length === 1 ? [text.trim()] : [])
  return args.length > 0 && args.every(isLiteral) ? args.join(", ") : undefined
}

/** The names of its parameters, where the head shows them plainly. */
const parameters = (text: string, entryPoint: string): ReadonlyArray<string> => {
  const head = new RegExp(`\\b${entryPoint}\\(([^()]*)\\)`).exec(text)?.[1] ?? ""
  const names = head.split(",").map((one) => one.split(":")[0]!.trim())
  return names.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? names : []
}

/**
 * The examples of a text that calls `entryPoint` by its head. Forms: a call, after `>>>`, with its result on the next line; a
 * call and its result on one line, with a sign or words between them; `For x = 1 the output should be 2`; `Input: x = 1` with
 * `Output: 2` on the next line.
 */
export const examples = (text: string, entryPoint: string): ReadonlyArray<Example> => {
  const names = parameters(text, entryPoint)
  const lines = text.split("\n").map(bare)
  const isCall = (call: string) =>
    call.startsWith(`${entryPoint}(`) && call.endsWith(")") && isLiteral(`[${call.slice(entryPoint.length + 1, -1)}]`)
  const example = (call: string | undefined, result: string): ReadonlyArray<Example> => {
    const found = resultIn(result)
    return call === undefined || !isCall(call) || found === undefined ? [] : [{ call, result: found }]
  }
  const of = (args: string | undefined) => (args === undefined ? undefined : `${entryPoint}(${args})`)
  return lines.flatMap((line, i) => {
    const next = lines[i + 1] ?? ""
    const call = /^>>>\s*(.*?);?$/.exec(line)?.[1]
    // some descriptions put the prompt before the result as well
    if (call !== undefined && isCall(call)) return example(call, next.replace(/^>>>\s*/, ""))
    // a comparison that the next line says does not hold
    if (call !== undefined && /^false$/i.test(next)) return []
    const input = /^Input:(.+)$/.exec(line)?.[1]
    const output = /^Output:(.+)$/.exec(next)?.[1]
    if (input !== undefined && output !== undefined) return example(of(given(input, names)), output)
    const [, settings, wanted] = /^For (.+?),?\s+the (?:result|output) should be (.+)$/.exec(line) ?? []
    if (settings !== undefined && wanted !== undefined) return example(of(given(settings, names)), wanted)
    const stated = line.replace(/^(?:>>>|assert|[Ff]or)\s+/, "")
    return Array.from(stated.matchAll(separators), ({ 0: sign, index }) =>
      example(stated.slice(0, index), stated.slice(index + sign.length))
    ).flat()
  })
}
