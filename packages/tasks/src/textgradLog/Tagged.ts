/**
 * What the tags of TextGrad's prompts say: the variable they are about, by its role and as it is shown. Tags are all that is
 * read: the words around them differ between its versions.
 */

/** The variable that a prompt is about. */
export interface About {
  readonly role: string
  /** Its value as it is shown, see `Shortened`. */
  readonly shown: string
}

/** Of an optimizer's prompt, which begins with its variable; `undefined` where it does not say. */
export const ofOptimizer = (prompt: string): About | undefined => about(prompt, (text, tag) => text.indexOf(tag))

/** Of a critic's prompt, in which a conversation comes first, that may hold anything; `undefined` where it does not say. */
export const ofCritic = (prompt: string): About | undefined => about(prompt, (text, tag) => text.lastIndexOf(tag))

const about = (prompt: string, place: (text: string, tag: string) => number): About | undefined => {
  const text = prompt.startsWith("[") ? unquoted(prompt) : prompt
  const role = between(text, "ROLE", text.indexOf("<ROLE>"))
  const shown = between(text, "VARIABLE", place(text, "<VARIABLE>"))
  // the template has a blank on either side; others are the value's own
  return role === undefined || shown === undefined
    ? undefined
    : { role: role.trim(), shown: shown.replace(/^ /, "").replace(/ $/, "") }
}

const between = (text: string, tag: string, start: number): string | undefined => {
  const end = start < 0 ? -1 : text.indexOf(`</${tag}>`, start)
  return end < 0 ? undefined : text.slice(start + tag.length + 2, end)
}

/** A prompt of several parts, images among them, is logged as Python shows a list: with its line breaks escaped. */
const unquoted = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([ntr'"\\]))/g, (_, byte, unit, letter) =>
    letter === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (escapes[letter] ?? letter)
  )

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" }
