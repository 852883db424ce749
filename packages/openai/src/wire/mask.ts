/**
 * Keeps keys out of messages: providers echo the key they were sent, whole, in part or starred out.
 */

const shapes: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bsk-[\w*.-]{4,}/g, "sk-***"],
  [/\b(Bearer|Basic)\s+[^\s"',;]+/gi, "$1 ***"],
  // credentials inside a URL
  [/(:\/\/)[^/@\s]+@/g, "$1***@"],
  [/([?&](?:api[-_]?key|key|token|sig|signature)=)[^&\s"']+/gi, "$1***"]
]

// a piece of a key this long is no coincidence
const piece = 8

/** Stars for every stretch of `text` that is also a stretch of `key`. */
const withoutPieces = (text: string, key: string): string => {
  if (key.length <= piece) return key === "" ? text : text.replaceAll(key, "***")
  const pieces = new Set(Array.from({ length: key.length - piece + 1 }, (_, at) => key.slice(at, at + piece)))
  let out = ""
  let at = 0
  while (at < text.length) {
    let end = at
    while (pieces.has(text.slice(end, end + piece))) end += 1
    if (end > at) {
      out += "***"
      at = end + piece - 1
    } else {
      out += text[at]
      at += 1
    }
  }
  return out
}

/** A function that takes `key`, pieces of it, and anything else of the shape of a key out of a text. */
export const make =
  (key: string) =>
  (text: string): string =>
    shapes.reduce((masked, [shape, stars]) => masked.replace(shape, stars), withoutPieces(text, key))
