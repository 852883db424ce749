/**
 * Where secrets usually stand: told by the names beside them, as values alone look like anything.
 */
import * as Redacted from "effect/Redacted"

// `MAX_TOKENS` and `TOKENIZERS_PARALLELISM` are none
const words =
  /(^|[^a-z])(api)?(key|token|secret|password|passwd|passphrase|pwd|credentials?|auth|authorization|sig|signature|pat|dsn|bearer|cookie)($|[^a-z])/

/** `OpenAiKey` and `OPENAI_KEY` are the same words. */
const named = (name: string): boolean => words.test(name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase())

// the name of a file with a secret, the kind of a key: no secrets themselves; and a shell's `PWD` is the current folder
const isReference = (name: string): boolean => /^pwd$|_(file|path|dir|name|type|url|uri|endpoint|sock)$/i.test(name)

// to mask these would garble prompts
const isSetting = (value: string): boolean =>
  /^(disabled|required|optional|external|internal|anonymous|automatic)$/i.test(value)

// a value this long in a query is no version or region
const long = 24

const redacted = (values: ReadonlyArray<string>): ReadonlyArray<Redacted.Redacted<string>> =>
  values.filter((value) => value !== "").map((value) => Redacted.make(value))

/** The values of variables whose names say that they are secret: `OPENAI_API_KEY`, `DB_PASSWORD`, `GITHUB_TOKEN`. */
export const inEnvironment = (variables: {
  readonly [name: string]: string | undefined
}): ReadonlyArray<Redacted.Redacted<string>> =>
  redacted(
    Object.entries(variables).flatMap(([name, value = ""]) => {
      if (/^OTEL_EXPORTER_OTLP_(\w+_)?HEADERS$/.test(name)) return headers(value)
      return named(name) && !isReference(name) && !isSetting(value) ? [value] : inUrlText(value)
    })
  )

/** What a URL is asked with: its password, and of its query what is named like a secret or longer than anything else. */
export const inUrl = (url: string): ReadonlyArray<Redacted.Redacted<string>> => redacted(inUrlText(url))

const inUrlText = (text: string): ReadonlyArray<string> => {
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? URL.parse(text) : null
  if (url === null) return []
  const inQuery = [...url.searchParams].flatMap(([name, value]) =>
    named(name) || name === "code" || value.length >= long ? [value] : []
  )
  return [url.password, decoded(url.password), ...inQuery]
}

/** `name=value,name=value`: whatever a collector is told is between it and the user. */
const headers = (text: string): ReadonlyArray<string> =>
  text.split(",").flatMap((pair) => {
    const value = decoded(pair.slice(pair.indexOf("=") + 1).trim())
    return [value, value.replace(/^(Bearer|Basic)\s+/i, "")]
  })

/** Percent signs read leniently: nothing is refused, as `decodeURIComponent` would. */
const decoded = (text: string): string =>
  new URLSearchParams(`text=${text.replaceAll("+", "%2B").replaceAll("&", "%26")}`).get("text") ?? text
