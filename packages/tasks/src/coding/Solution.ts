/** The code in a model's reply: whatever surrounds it is left out, and a body without its head is completed. */
import type { Problem } from "../format/Problem.ts"

type Asked = Pick<Problem, "language" | "prompt" | "entryPoint">

/** The whole solution that a reply stands for: its fenced block where it has one, completed by the head in the prompt. */
export const of = (reply: string, problem: Asked): string => completed(block(reply, problem), problem)

/** The last block that defines what is asked for, else the longest; the reply itself where nothing is fenced. */
const block = (reply: string, problem: Asked): string => {
  // a block that is not closed ends with the reply
  const blocks = [...reply.matchAll(/^[ \t]*```[^\n`]*\n([\s\S]*?)(?:^[ \t]*```|$(?![\s\S]))/gm)].map(
    ([, code]) => code!
  )
  if (blocks.length === 0) return reply
  const longest = blocks.reduce((best, one) => (one.length > best.length ? one : best))
  return blocks.findLast((code) => defines(code, problem) || isMethod(code, problem)) ?? longest
}

/** Whether some code defines the name that tests call. */
export const defines = (code: string, { entryPoint, language }: Asked): boolean => {
  const name = entryPoint.replaceAll("$", "\\$")
  const definition =
    language === "python"
      ? `^(?:(?:async\\s+)?def|class)\\s+${name}\\b|^${name}\\s*(?::[^=\\n]+)?=(?!=)`
      : `^\\s*(?:export\\s+)?(?:default\\s+)?(?:(?:async\\s+)?function\\b\\s*\\*?|class|const|let|var)\\s+${name}(?![\\w$])|^${name}\\s*=(?!=)`
  return new RegExp(definition, "m").test(code)
}

/** Whether it is the method of a class `Solution`, as LeetCode has it. */
const isMethod = (code: string, { entryPoint, language }: Asked): boolean =>
  language === "python" &&
  new RegExp(`^class\\s+Solution\\b.*\\n(?:(?:[ \\t#].*)?\\n)*[ \\t]+(?:async\\s+)?def\\s+${entryPoint}\\b`, "m").test(
    code
  )

const completed = (code: string, problem: Asked): string => {
  const { language, prompt } = problem
  if (defines(code, problem)) return code
  if (isMethod(code, problem)) {
    const name = problem.entryPoint
    return `${code.trimEnd()}\n\n${name} = lambda *args, **named: Solution().${name}(*args, **named)\n`
  }
  if (!defines(prompt, problem)) return code
  if (language === "python") return `${prompt.trimEnd()}\n${indented(code)}`
  const closed = depth(code) < 0 ? code : `${code.trimEnd()}\n}`
  return prompt.trimEnd().endsWith("{") ? `${prompt.trimEnd()}\n${closed}` : code
}

/** A body as it stands below its head. */
const indented = (body: string): string => {
  const lines = body
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd()
    .split("\n")
  if (/^[ \t]/.test(lines[0]!)) return lines.join("\n")
  // trimmed at its start: only the first line has lost its indentation
  const [first = "", ...rest] = lines
  const next = rest.find((line) => line.trim() !== "")
  if (next !== undefined && /^[ \t]/.test(next) && !/[:([{,\\]\s*(#.*)?$/.test(first)) {
    return [/^[ \t]+/.exec(next)![0] + first, ...rest].join("\n")
  }
  return lines.map((line) => (line.trim() === "" ? line : `    ${line}`)).join("\n")
}

const literals = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** How many braces are left open, below 0 where more are closed; those in texts and comments do not count. */
const depth = (code: string): number => {
  const bare = code.replaceAll(literals, "")
  return bare.split("{").length - bare.split("}").length
}
