/** One program in one QuickJS: a WebAssembly memory of its own, which is given up with it. */
import { readFile } from "node:fs/promises"
import { stripTypeScriptTypes } from "node:module"
import { fileURLToPath } from "node:url"
import variant from "@jitl/quickjs-wasmfile-release-sync"
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
  type QuickJSWASMModule
} from "quickjs-emscripten-core"
import * as text from "./inside/text.ts"
import type { Order, Reply } from "./Message.ts"

export interface Machine {
  readonly quickjs: QuickJSWASMModule
  /** Whether its memory has grown as far as it can, or so nearly that no step is left. */
  readonly isFull: () => boolean
}

// its types describe the build for CommonJS, in which the default export is one step further in
const build = variant as unknown as QuickJSSyncVariant
const code = fileURLToPath(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"))

/** What is used of it: Node has it, its types leave it out. */
interface Assembly {
  readonly compile: (bytes: Uint8Array) => Promise<object>
  readonly Memory: new (pages: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: { readonly byteLength: number } }
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Assembly }

/** The code of the interpreter, compiled: the same for all machines of a thread. */
export const compiled: Promise<object> = readFile(code).then((bytes) => WebAssembly.compile(bytes))

const page = 65_536
/** What the build asks for at the start, and what it can address, in pages. */
const [least, most] = [256, 32_768]

/**
 * A machine that has so much memory, all told. QuickJS's own limit is no use: in WebAssembly it does not know how large what
 * it allocated is, and counts a few bytes for each.
 */
export const make = (memoryBytes: number): Promise<Machine> =>
  compiled.then((wasmModule) => {
    const maximum = Math.min(most, Math.max(least, Math.floor(memoryBytes / page)))
    const wasmMemory = new WebAssembly.Memory({ initial: least, maximum })
    const isFull = () => wasmMemory.buffer.byteLength > 0.9 * maximum * page
    return newQuickJSWASMModuleFromVariant(newVariant(build, { wasmModule, wasmMemory })).then((quickjs) => ({
      quickjs,
      isFull
    }))
  })

const modules: ReadonlyMap<string, string> = new Map(
  (["assert", "console", "equality"] as const).map((name) => [name, text.module(name)])
)

/** `node:assert/strict`, `./assert.ts` and `assert` are one module. */
const nameOf = (specifier: string): string => specifier.replace(/^node:|^\.\/|\.[jt]s$|\/strict$/g, "")

/** Types are taken out as in the jail with Node: enums and namespaces too, where this Node can. */
const mode = process.allowedNodeEnvironmentFlags.has("--experimental-transform-types") ? "transform" : "strip"
const translated = ({ language, source }: Order): string =>
  language === "typescript" ? stripTypeScriptTypes(source, { mode }) : source

const stackBytes = 2 * 1024 * 1024

/** Runs it to its end, which may never come. */
export const run = (machine: Machine, order: Order, tell: (reply: Reply) => void): Reply => {
  let left = order.outputBytes
  const write = (to: "stdout" | "stderr", text: string) => {
    left -= Buffer.byteLength(text)
    tell({ _tag: "Wrote", to, text: text.slice(0, order.outputBytes + 1).toWellFormed() })
  }
  const runtime = machine.quickjs.newRuntime({
    maxStackSizeBytes: stackBytes,
    interruptHandler: () => left < 0
  })
  runtime.setModuleLoader(
    (name) => modules.get(name) ?? { error: new Error(`Cannot find module '${name}'`) },
    (_, name) => nameOf(name)
  )
  const context = runtime.newContext()
  const written = context.newFunction("write", (to, json) =>
    write(context.getString(to) === "stderr" ? "stderr" : "stdout", JSON.parse(context.getString(json)))
  )
  context.setProp(context.global, "__write", written)
  const script = context.newFunction("script", (json) =>
    context.evalCode(translated({ ...order, source: JSON.parse(context.getString(json)) }), "script.js")
  )
  context.setProp(context.global, "__script", script)
  context.setProp(context.global, "__stdin", context.newString(JSON.stringify(order.stdin)))
  context.unwrapResult(context.evalCode('import "console"', "start.js", { type: "module" }))
  const failure = evaluated(context, translated(order))
  if (left < 0) return { _tag: "Killed", because: "output" }
  if (failure === undefined) return { _tag: "Exited", code: 0 }
  // where not even an error finds room, null is thrown
  if (failure === outOfMemory || (failure === "Uncaught null" && machine.isFull()))
    return { _tag: "Killed", because: "memory" }
  write("stderr", `${failure}\n`)
  return { _tag: "Exited", code: 1 }
}

const outOfMemory = "InternalError: out of memory"

/** Whether it is a module is seen from a line that begins so, as scripts cannot have one. */
const moduleLine = /^\s*(import(\s+\w|\s*[{*"'])|export(\s+\w|\s*[{*]))/m

/** What it failed with, if it did. */
const evaluated = (context: QuickJSContext, source: string): string | undefined => {
  const type = moduleLine.test(source) ? "module" : "global"
  const result = context.evalCode(source, "program.js", { type })
  if (result.error !== undefined) return described(context, result.error)
  const jobs = context.runtime.executePendingJobs()
  if (jobs.error !== undefined) return described(context, jobs.error)
  // of a module, and of a script that ends in a call of something asynchronous
  const state = context.getPromiseState(result.value)
  if (state.type === "rejected") return described(context, state.error)
  return state.type === "pending" && type === "module" ? "Error: a promise that is awaited never settles" : undefined
}

const described = (context: QuickJSContext, thrown: QuickJSHandle): string => {
  const value: unknown = context.dump(thrown)
  if (typeof value !== "object" || value === null || !("message" in value)) return `Uncaught ${JSON.stringify(value)}`
  const { message, name, stack } = value as { message: string; name?: string; stack?: string }
  const first = `${name ?? "Error"}: ${message}`
  return first === outOfMemory || !stack ? first : `${first}\n${stack.trimEnd()}`
}
