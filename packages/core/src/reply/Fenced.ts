/**
 * A reply that ignores the JSON it was asked for and gives its one text in a fence: the whole reply in a code fence, or
 * our own fence around the value. It is read only where nothing else can be meant.
 */

/** A code fence that is the whole reply. */
const code = /^(`{3,}|~{3,})[ \t]*([\w+-]*)[ \t]*\r?\n([\s\S]*?)\r?\n\1[ \t]*$/

/** What anyone might take for a tag of the value, however it is written. */
const tagLike = /<\s*\/?\s*value\b[^<>\n]*>/gi
const tag = /^<(\/?)(value(?:-[a-z0-9]+)?)>$/
const invisible = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g

/** The text that a reply consists of, exactly, or `undefined` where that is not beyond doubt. */
export const text = (reply: string): string | undefined => {
  const trimmed = reply.replace(/^\uFEFF/, "").trim()
  return inTags(trimmed) ?? inCode(trimmed)
}

const inTags = (reply: string): string | undefined => {
  const tags = [...reply.matchAll(tagLike)]
  const [open, close] = tags
  if (open === undefined || close === undefined || tags.length !== 2) return undefined
  const [, slash, name] = tag.exec(open[0]) ?? []
  const [, backslash, closed] = tag.exec(close[0]) ?? []
  if (slash !== "" || backslash !== "/" || name !== closed) return undefined
  // a tag that is broken by characters nobody sees may be the real one
  if ([...reply.replace(invisible, "").matchAll(tagLike)].length !== 2) return undefined
  const around = reply.slice(0, open.index) + reply.slice(close.index + close[0].length)
  // another fence, or an object, is another candidate
  if (/[{}]|```|~~~|<\/?[a-z0-9]+-[a-z0-9]{6,}>/.test(around)) return undefined
  return reply
    .slice(open.index + open[0].length, close.index)
    .replace(/^\r?\n/, "")
    .replace(/\r?\n$/, "")
}

const inCode = (reply: string): string | undefined => {
  const [, mark, language, inner] = code.exec(reply) ?? []
  if (mark === undefined || inner === undefined || /^json/i.test(language ?? "")) return undefined
  const ambiguous = inner.split(/\r?\n/).some((line) => line.trimStart().startsWith(mark)) || tagLike.test(inner)
  tagLike.lastIndex = 0
  // JSON in it was meant as JSON, of the wrong shape
  return ambiguous || /^\s*[{[]/.test(inner) ? undefined : inner
}
