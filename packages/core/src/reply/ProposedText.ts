/**
 * What no proposed value may be, whatever its schema says: the text of a slip, not of an edit. A refused value is asked
 * for once more, told why.
 */

/** What a proposal is seen against. */
export interface Against {
  /** The value as the editor was shown it. */
  readonly before: string
  /** Everything else that the editor was shown. */
  readonly prompt: string
  /** The reply of the worked case, which is no answer to this one. */
  readonly example?: string | undefined
}

/** A value may always be so long, in characters. */
const roomy = 64 * 1024
/** Or so many times as long as the value that it replaces. */
const growth = 20

// what is left of control characters are tab, line ends, form feed and escape: terminals' colours are text as well
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const control = /[\u0000-\u0008\u000B\u000E-\u001A\u001C-\u001F\u007F]/
const visible = /[^\p{Z}\p{C}]/u
const fenceTag = /<\/?[a-z0-9]+-[a-z0-9]{6,}>/g
const placeholders = new Set(["...", "…", "<value>", "<text>", "<new text>", "<new value>", "[object Object]"])

/** Why a proposed value is refused, or `undefined`. */
export const problem = (value: unknown, { before, prompt, example }: Against): string | undefined => {
  const texts = strings(value)
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  const longest = Math.max(roomy, growth * before.length)
  if (length > longest) return `the value is ${length} characters long, which is more than ${longest}`
  for (const text of texts) {
    const found = control.exec(text)?.[0]
    if (found !== undefined && !before.includes(found)) {
      return `the value holds the control character U+${found.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`
    }
    if (!text.isWellFormed()) return "the value holds half a character (a lone surrogate)"
    const tag = text.match(fenceTag)?.find((one) => prompt.includes(one) && !before.includes(one))
    if (tag !== undefined) return `the value holds ${tag}, which only marks where a text begins or ends in the question`
  }
  if (typeof value !== "string") return undefined
  const text = value.trim()
  if (!visible.test(text)) return "the value has nothing in it that can be seen"
  if (placeholders.has(text)) return `the value is ${JSON.stringify(text)}, which only stands for a text`
  if (example !== undefined && text !== before.trim() && example.includes(JSON.stringify(text))) {
    return "the value is that of the worked example, not of this case"
  }
  return undefined
}

const strings = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...strings(inner)])
    : []
}
