/** What runs inside of QuickJS, as text in JavaScript: beside this file as TypeScript, or as JavaScript where it was built. */
import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js"

/** One of its modules. */
export const module = (name: "assert" | "console" | "equality"): string => {
  const text = readFileSync(new URL(`./${name}.${extension}`, import.meta.url), "utf8")
  return extension === "ts" ? stripTypeScriptTypes(text) : text
}

/** `same(a, b, strict)` of `equality`, as an expression: for programs that judge others in a jail. */
export const same = (): string => `(() => {\n${module("equality").replaceAll(/^export /gm, "")}\nreturn same })()`
