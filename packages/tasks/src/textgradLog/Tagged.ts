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

/** The role that a prompt names first, which is that of its variable; `undefined` where it names none. */
export const role = (prompt: string): string | undefined => between(parts(prompt), "ROLE")?.trim()

/** Of the prompt of an optimizer, in which the variable comes before anything else; `undefined` where it does not say. */
export const variable = (prompt: string): About | undefined => {
  const [named, shown] = [role(prompt), between(parts(prompt), "VARIABLE")]
  // the template has a blank on either side; others are the value's own
  return named === undefined || shown === undefined
    ? undefined
    : { role: named, shown: shown.replace(/^ /, "").replace(/ $/, "") }
}

const between = (text: string, tag: string): string | undefined => {
  const start = text.indexOf(`<${tag}>`)
  const end = start < 0 ? -1 : text.indexOf(`</${tag}>`, start)
  return end < 0 ? undefined : text.slice(start + tag.length + 2, end)
}

/** A prompt of several parts, images among them, is logged as Python shows a list: with its line breaks escaped. */
const parts = (prompt: string): string => (prompt.startsWith("[") ? unquoted(prompt) : prompt)

const unquoted = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([ntr'"\\]))/g, (_, byte, unit, letter) =>
    letter === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (escapes[letter] ?? letter)
  )

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" }
