/**
 * Looks for keys in what is left behind: as they are, as JSON, URLs and base64 spell them, and in pieces. It shares nothing
 * with the code that masks them.
 */

/** So many letters of a key in a row are as good as the key. */
const piece = 16

// a short key has no middle that says anything
const base64 = (key: string): ReadonlyArray<string> =>
  (key.length < 12 ? [] : ["", "u", "us"]).map((before) =>
    Buffer.from(before + key)
      .toString("base64")
      // the ends depend on what stands beside it
      .slice(4, -4)
  )

const spellings = (key: string): ReadonlyArray<string> =>
  [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), ...base64(key)].filter(({ length }) => length >= 8)

/** What of these keys stands in a text, each with where. */
export const find = (keys: ReadonlyArray<string>, where: string, text: string): ReadonlyArray<string> => {
  const whole = keys.filter((key) => spellings(key).some((spelling) => text.includes(spelling)))
  const pieces = new Map<string, string>()
  for (const key of keys) {
    if (/\s|"/.test(key)) continue
    for (let at = 0; at + piece <= key.length; at++) pieces.set(key.slice(at, at + piece), key)
  }
  const inPieces = new Set<string>()
  for (let at = 0; at + piece <= text.length; at++) {
    const key = pieces.get(text.slice(at, at + piece))
    if (key !== undefined) inPieces.add(key)
  }
  return [...new Set([...whole, ...inPieces])].map((key) => {
    const at = text.indexOf(key.slice(0, 8))
    return `${where}: ${key.slice(0, 12)}… in ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 100))}`
  })
}
