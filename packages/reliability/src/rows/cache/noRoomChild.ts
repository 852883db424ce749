/**
 * Fills a cache on a disk that is small or read-only. Started inside a mount namespace of its own, it may mount: nobody
 * else sees it, and it is gone with the process.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { Cache, CacheFolder } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Asking from "./Asking.ts"

const [folder = "", bytes = "", asked = ""] = process.argv.slice(2)

const questions = Array.from({ length: Number(asked) }, (_, i) => `question ${i}`)
const model = (paid: Asking.Paid) => Asking.model(paid, (question) => `${question}: ${"x".repeat(3000)}`)

const round = Effect.fnUntraced(function* () {
  const paid: Asking.Paid = new Map()
  const said: Array<string> = []
  const outcomes = yield* Asking.askAll(questions, model(paid)).pipe(
    Effect.provide(Cache.layerFolder(folder), { local: true }),
    Effect.provide(Asking.listening(said))
  )
  const answered = outcomes.filter(({ question, text }) => text?.startsWith(`${question}: `)).length
  const { entries } = yield* CacheFolder.holding(folder)
  return { answered, paid: Asking.total(paid), most: Math.max(...paid.values()), kept: entries, said }
})

mkdirSync(folder, { recursive: true })
execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "none", folder])
const program = Effect.gen(function* () {
  const full = yield* round()
  execFileSync("mount", ["-o", "remount,ro", folder])
  return { full, readOnly: yield* round() }
})
const found = await Effect.runPromise(Effect.provide(program, NodeServices.layer))
process.stdout.write(JSON.stringify(found))
