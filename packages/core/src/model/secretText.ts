/**
 * Finds secrets in texts: whole, in the spellings that they travel in, and in pieces long enough to be no coincidence.
 */

/** What stands where a secret stood. */
export const stars = "***"

/** In letters. What is shorter is a word, and masking it would garble ordinary text. */
export const shortest = 8

/** A stretch of this length of a secret is masked also where the rest is missing: texts are cut, keys are quoted in part. */
const piece = 16

/** Every stretch of `piece` letters has one of these that begins at a multiple of its length. */
const window = 8

/** Pieces are looked for where any piece says something: not in sentences and documents, which are made of words. */
const isToken = (secret: string): boolean => secret.length >= piece && !/[\s"']/.test(secret)

const base64 = (text: string): ReadonlyArray<string> => {
  const bytes = new TextEncoder().encode(text)
  // where it stands in what is encoded with it (`user:key`) decides between three spellings of its middle
  return [0, 1, 2].map((before) => {
    const coded = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes))
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return coded.slice(Math.ceil((before * 8) / 6), whole)
  })
}

/** Every spelling in which a secret may turn up. */
const spellings = (secret: string): ReadonlyArray<string> => {
  const coded = base64(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    ...coded,
    ...coded.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))
  ]
}

// a document (a key file, credentials as JSON) may be quoted line by line
const parts = (secret: string): ReadonlyArray<string> =>
  isToken(secret) ? [secret] : [secret, ...(secret.match(/[\w+/=~.-]{20,}/g) ?? [])]

const lots = 65_536

/** Most windows that belong to no secret are told by this, at a tenth of the cost of looking them up. */
const lot = (text: string, at: number): number =>
  (((text.charCodeAt(at) * 33 + text.charCodeAt(at + 2)) * 33 + text.charCodeAt(at + 4)) * 33 +
    text.charCodeAt(at + 7)) &
  (lots - 1)

/** A function that puts stars in the place of these secrets; of those that are long enough. */
export const masking = (secrets: ReadonlyArray<string>): ((text: string) => string) => {
  const usable = secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= shortest)
  if (usable.length === 0) return (text) => text
  const all = [...new Set(usable.flatMap(parts).flatMap(spellings))].sort((a, b) => b.length - a.length)
  const whole = all.filter((text) => !isToken(text) && text.length >= shortest)
  const windows = new Set<string>()
  const likely = new Uint8Array(lots)
  for (const text of all.filter(isToken)) {
    for (let at = 0; at + window <= text.length; at++) {
      windows.add(text.slice(at, at + window))
      likely[lot(text, at)] = 1
    }
  }
  return (text) => {
    if (text.length < shortest) return text
    let masked = text
    for (const secret of whole) if (masked.includes(secret)) masked = masked.replaceAll(secret, stars)
    return windows.size === 0 ? masked : withoutPieces(masked, windows, likely)
  }
}

/** Looks at every eighth place only; where something is found there, at all around it. */
const withoutPieces = (text: string, windows: ReadonlySet<string>, likely: Uint8Array): string => {
  let out = ""
  let done = 0
  for (let at = 0; at + window <= text.length; at += window) {
    if (likely[lot(text, at)] === 0 || !windows.has(text.slice(at, at + window))) continue
    let from = at
    while (from > done && windows.has(text.slice(from - 1, from - 1 + window))) from -= 1
    let to = at + 1
    while (windows.has(text.slice(to, to + window))) to += 1
    to += window - 1
    if (to - from < piece) continue
    out += text.slice(done, from) + stars
    done = to
    at = Math.ceil(to / window) * window - window
  }
  return done === 0 ? text : out + text.slice(done)
}
