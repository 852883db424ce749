/**
 * Data inside prompts: delimiters are derived from the content, so no value can close its own fence, whatever it
 * contains, and equal values give equal prompts.
 */
import * as Hash from "effect/Hash"

const nonce = (text: string): string => {
  for (let salt = 0; ; salt++) {
    const candidate = (Hash.string(`${salt}:${text}`) >>> 0).toString(36).padStart(6, "0")
    if (!text.includes(candidate)) return candidate
  }
}

/** `label` is a word of ours, never data. */
export const wrap = (label: string, text: string): string => {
  const tag = `${label}-${nonce(text)}`
  return `<${tag}>\n${text}\n</${tag}>`
}

/** The text inside a fence, exactly; `undefined` where there is none. */
export const extract = (fenced: string): string | undefined => {
  const open = /<([a-z0-9]+-[a-z0-9]+)>\n/.exec(fenced)
  if (open === null) return undefined
  const start = open.index + open[0].length
  const end = fenced.indexOf(`\n</${open[1]}>`, start - 1)
  return end < 0 ? undefined : fenced.slice(start, Math.max(start, end))
}

// JSON leaves these as they are, and to some readers a line ends at them
const lineEnds = /[\u0085\u2028\u2029]/g

/** A role or another short label as data in a line. */
export const quote = (text: string): string =>
  JSON.stringify(text).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** A wish or a title, which is said without a fence, on one line: nothing in it can begin a line of its own. */
export const line = (text: string): string => text.trim().replace(/\s*[\n\r\v\f\u0085\u2028\u2029]\s*/g, " ")
