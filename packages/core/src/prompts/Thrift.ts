/** Says to whoever writes a value what counts beside its score, as constraints: it is judged by it, and ought to know. */
import * as Context from "effect/Context"

/** What is to be low. */
export interface Slots {
  readonly length: boolean
  /** Of the value and of the replies that it leads to. */
  readonly tokens: boolean
}

const wishes = ({ length, tokens }: Slots): ReadonlyArray<string> => {
  if (tokens) {
    return [
      "short, and such that the replies it leads to are short: of two that score the same, the one that takes fewer tokens is kept"
    ]
  }
  return length
    ? ["as short as it can be without losing anything that matters: of two that score the same, the shorter is kept"]
    : []
}

/** The constraints that objectives make. Provide a function of your own to replace them. */
export const ThriftPrompt: Context.Reference<(slots: Slots) => ReadonlyArray<string>> = Context.Reference(
  "@backprose/core/prompts/Thrift",
  { defaultValue: () => wishes }
)
