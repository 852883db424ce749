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
   * What was copied from a training example of the minibatch: 40 characters and more of what it was given, a shorter text of
   * it whole, or an answer that no other training example has. `warn` by default: the run tells it and goes on, since an
   * example that is quoted may be just what a small task needs, and the validation set tells whether it helps elsewhere.
   * `drop` it where validation and training examples are alike, or where a prompt must not give away what it was trained on.
   */
  readonly copies: "off" | "warn" | "drop"
}

/** Jargon is dropped, copies are told. */
export const defaults: Options = { jargon: "drop", copies: "warn" }

/** What a proposal changes in one parameter. */
export interface Change {
  readonly parameter: string
  readonly before: unknown
  readonly after: unknown
}

/** What was found in a proposal, in words. */
export interface Found {
  /** Why it is dropped. */
  readonly problem?: string
  /** What its user should know of it. */
  readonly warning?: string
}

/** Looks at the changed texts. `answers`: of a training example, by its place; see `answers`. */
export const look = (
  changes: ReadonlyArray<Change>,
  evidence: ReadonlyArray<Evidence>,
  options: Options,
  answers: (example: number) => ReadonlyArray<string> = () => []
): Found => {
  for (const { after, before, parameter } of changes) {
    if (typeof after !== "string" || typeof before !== "string") continue
    const phrase = options.jargon === "off" ? undefined : jargon(after, () => [before, ...evidence.flatMap(taskTexts)])
    if (phrase !== undefined) {
      return {
        problem: `"${parameter}" says ${JSON.stringify(phrase)}: words about how it was made, which its reader knows nothing of`
      }
    }
    if (options.copies === "off") continue
    const sources = evidence.map((one) => ({ example: one.example, given: given(one), answers: answers(one.example) }))
    const copy = copied(before, after, sources)
    if (copy !== undefined) {
      const said = `"${parameter}" repeats training example ${copy.example} word for word: ${JSON.stringify(copy.text)}`
      return options.copies === "drop" ? { problem: said } : { warning: said }
    }
  }
  return {}
}

/** What an example was given: everything from outside in its graph. */
const given = ({ loss }: Evidence): ReadonlyArray<string> =>
  Graph.make(loss).nodes.flatMap(({ origin, value }) =>
    origin._tag === "Constant" && !isImage(value) ? [Variable.render(value)] : []
  )

const taskTexts = (one: Evidence): ReadonlyArray<string> => [...given(one), one.output, one.feedback]
