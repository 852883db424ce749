/**
 * What no proposed text should hold, looked for before a single call is paid for it. Only parameters that are texts are
 * checked: demonstrations and other values of a schema may hold examples, they are made of them.
 */
import * as Graph from "../../graph/Graph.ts"
import { isImage } from "../../graph/Image.ts"
import * as Variable from "../../graph/Variable.ts"
import type { Evidence } from "../Optimizer.ts"
import { copied } from "./copied.ts"
import { jargon } from "./jargon.ts"

export interface Options {
  /**
   * Words of the optimization itself ("the feedback above", "earlier version", "as an AI"), where neither the old value nor
   * the task's own texts have them. `drop` by default: whoever reads the prompt later saw none of that.
   */
  readonly jargon: "drop" | "off"
  /**
   * 40 characters and more of one training example, word for word: of what it was given (`inputs`), or of what was said of
   * its output too (`all`). `off` by default: feedback is there to be taken over, its rules word for word; and an example
   * that is quoted may be just what a small task needs. The validation set tells whether it helps elsewhere. Turn it on
   * where validation and training examples are alike, or where a prompt must not give away what it was trained on.
   */
  readonly copies: "off" | "inputs" | "all"
}

/** Jargon is dropped, copies are not looked for. */
export const defaults: Options = { jargon: "drop", copies: "off" }

/** What a proposal changes in one parameter. */
export interface Change {
  readonly parameter: string
  readonly before: unknown
  readonly after: unknown
}

/** Why a proposal is dropped, in words, or `undefined`. */
export const problem = (
  changes: ReadonlyArray<Change>,
  evidence: ReadonlyArray<Evidence>,
  options: Options
): string | undefined => {
  for (const { after, before, parameter } of changes) {
    if (typeof after !== "string" || typeof before !== "string") continue
    const phrase = options.jargon === "off" ? undefined : jargon(after, () => [before, ...evidence.flatMap(taskTexts)])
    if (phrase !== undefined) {
      return `"${parameter}" says ${JSON.stringify(phrase)}: words about how it was made, which its reader knows nothing of`
    }
    if (options.copies === "off") continue
    const sources = evidence.map((one) => ({
      example: one.example,
      texts: [...given(one), ...(options.copies === "all" ? [one.feedback] : [])]
    }))
    const copy = copied(before, after, sources)
    if (copy !== undefined) {
      return `"${parameter}" repeats training example ${copy.example} word for word: ${JSON.stringify(copy.text)}`
    }
  }
  return undefined
}

/** What an example was given: everything from outside in its graph. */
const given = ({ loss }: Evidence): ReadonlyArray<string> =>
  Graph.make(loss).nodes.flatMap(({ origin, value }) =>
    origin._tag === "Constant" && !isImage(value) ? [Variable.render(value)] : []
  )

const taskTexts = (one: Evidence): ReadonlyArray<string> => [...given(one), one.output, one.feedback]
