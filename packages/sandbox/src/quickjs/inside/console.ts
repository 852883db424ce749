/**
 * Runs inside QuickJS before the program: `console` and `require`, as far as programs that test something need them. It is
 * read as text.
 */
import assert from "./assert.ts"

// as JSON: a text that is handed over as it is would end at its first NUL
declare const __write: (to: "stdout" | "stderr", json: string) => void
declare const __script: (json: string) => unknown
declare const __stdin: string

const inside = globalThis as Record<string, any>
const host = __write
const script = __script
const { stringify } = JSON
inside["stdin"] = JSON.parse(__stdin)
delete inside["__write"]
delete inside["__script"]
delete inside["__stdin"]
const write = (to: "stdout" | "stderr", text: string) => host(to, stringify(text))

const show = (value: unknown, depth: number, seen: ReadonlyArray<unknown>): string => {
  if (typeof value === "string") return depth === 0 ? value : JSON.stringify(value)
  if (typeof value === "bigint") return `${value}n`
  if (typeof value === "function") return `[Function: ${value.name || "(anonymous)"}]`
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value)
  if (value instanceof Error) return `${value}${value.stack ? `\n${value.stack.trimEnd()}` : ""}`
  if (value instanceof RegExp || value instanceof Date) return String(value)
  if (seen.includes(value)) return "[Circular]"
  if (depth > 4) return Array.isArray(value) ? "[Array]" : "[Object]"
  const inner = (one: unknown) => show(one, depth + 1, [...seen, value])
  const list = (open: string, parts: ReadonlyArray<string>, close: string) =>
    parts.length === 0 ? open + close : `${open} ${parts.join(", ")} ${close}`
  if (Array.isArray(value)) return list("[", value.map(inner), "]")
  if (value instanceof Set) return list(`Set(${value.size}) {`, Array.from(value, inner), "}")
  if (value instanceof Map) {
    return list(
      `Map(${value.size}) {`,
      Array.from(value, ([key, one]) => `${inner(key)} => ${inner(one)}`),
      "}"
    )
  }
  const name = (value.constructor as { name?: string } | undefined)?.name
  const properties = Object.entries(value).map(
    ([key, one]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${inner(one)}`
  )
  return list(name === undefined || name === "Object" ? "{" : `${name} {`, properties, "}")
}

const line =
  (to: "stdout" | "stderr") =>
  (...values: ReadonlyArray<unknown>) =>
    write(to, `${values.map((value) => show(value, 0, [])).join(" ")}\n`)

const out = line("stdout")
const err = line("stderr")

inside["console"] = {
  log: out,
  info: out,
  debug: out,
  error: err,
  warn: err,
  trace: err,
  // as in Node, it says so and goes on
  assert: (fact: unknown, ...said: ReadonlyArray<unknown>) => {
    if (!fact) err(...(said.length === 0 ? ["Assertion failed"] : ["Assertion failed:", ...said]))
  }
}

inside["module"] = { exports: {} }
inside["exports"] = inside["module"].exports
inside["require"] = (name: string) => {
  if (/^(node:)?assert(\/strict)?$/.test(name)) return assert
  // in the language of the program, since types have no other way out here
  if (/^(node:)?vm$/.test(name)) return { runInThisContext: (code: unknown) => script(stringify(`${code}`)) }
  throw new Error(`Cannot find module '${name}'`)
}
