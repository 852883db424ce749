/**
 * TypeScript code blocks in Markdown and in docstrings. A fence's info string says what is done with one:
 * "ts" type-checked, "ts run" also executed, "ts continue" checked as the sequel of the blocks before it in that file,
 * "ts ignore" neither.
 */
import { parseSync } from "rolldown/utils"
import { lineAt } from "./files.ts"

export interface Block {
  readonly file: string
  /** Of its first line of code, from 1. */
  readonly line: number
  readonly code: ReadonlyArray<string>
  readonly flags: ReadonlyArray<string>
}

export const flags: ReadonlyArray<string> = ["run", "continue", "ignore"]

interface Line {
  readonly number: number
  readonly text: string
}

const fence = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/

const blocksIn = (file: string, lines: ReadonlyArray<Line>): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let open:
    | { readonly mark: string; readonly indent: number; readonly info: ReadonlyArray<string>; code: Array<Line> }
    | undefined
  for (const line of lines) {
    const [, indent = "", mark = "", info = ""] = fence.exec(line.text) ?? []
    if (open === undefined) {
      if (mark !== "") open = { mark, indent: indent.length, info: info.trim().split(/\s+/), code: [] }
    } else if (mark.startsWith(open.mark) && info.trim() === "") {
      const [language, ...rest] = open.info
      const first = open.code[0]
      if ((language === "ts" || language === "typescript") && first !== undefined) {
        const cut = open.indent
        blocks.push({ file, line: first.number, code: open.code.map((one) => one.text.slice(cut)), flags: rest })
      }
      open = undefined
    } else {
      open.code.push(line)
    }
  }
  return blocks
}

const numbered = (text: string, first: number): ReadonlyArray<Line> =>
  text.split("\n").map((line, index) => ({ number: first + index, text: line }))

export const inMarkdown = (file: string, text: string): ReadonlyArray<Block> => blocksIn(file, numbered(text, 1))

export const inDocstrings = (file: string, text: string): ReadonlyArray<Block> => {
  if (!text.includes("```")) return []
  return parseSync(file, text)
    .comments.filter((comment) => comment.type === "Block" && comment.value.startsWith("*"))
    .flatMap((comment) =>
      blocksIn(
        file,
        numbered(comment.value, lineAt(text, comment.start)).map(({ number, text: line }) => ({
          number,
          text: line.replace(/^\s*\*? ?/, "")
        }))
      )
    )
}
