/**
 * The same step by TextGrad 0.1.8 (Python): measured here where `TEXTGRAD_PYTHON` names an interpreter that has it, else
 * as it was recorded on another day.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { median } from "../Figure.ts"
import { ProcessFailed } from "../process/Fresh.ts"
import type { Provider } from "../server/Provider.ts"

export interface Measured {
  readonly who: string
  readonly seconds: number
  readonly calls: number
  readonly tokensIn: number
  readonly tokensOut: number
}

/** 16 examples, 200 ms, median of 3, on a machine of the same kind with 2 cores. */
const recorded: Measured = {
  who: "TextGrad 0.1.8 (recorded)",
  seconds: 13.8,
  calls: 65,
  tokensIn: 28_454,
  tokensOut: 3000
}

interface Options {
  readonly examples: number
  readonly latencyMs: number
  readonly repeats: number
}

const script = fileURLToPath(new URL("./textgrad_step.py", import.meta.url))

// its cache and its log go where they are deleted: a second run must not find the replies of the first
const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "backprose-bench-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const runPython = (python: string, cwd: string, url: string, { examples, repeats }: Options) =>
  Effect.callback<ReadonlyArray<number>, ProcessFailed>((resume) => {
    const env = {
      PATH: process.env["PATH"],
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: url,
      XDG_CACHE_HOME: cwd,
      TEXTGRAD_LOG_DIR: cwd,
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
      PYTHONDONTWRITEBYTECODE: "1"
    }
    const child = execFile(python, [script, `${examples}`, `${repeats}`], { cwd, env }, (error, stdout, stderr) =>
      resume(
        error === null
          ? Effect.succeed(JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as ReadonlyArray<number>)
          : Effect.fail(new ProcessFailed({ message: `TextGrad did not run: ${stderr.slice(-500)}` }))
      )
    )
    return Effect.sync(() => child.kill())
  })

/** One step of TextGrad's, serial as its documentation has it. */
export const step = Effect.fnUntraced(function* (provider: Provider, options: Options) {
  const python = process.env["TEXTGRAD_PYTHON"]
  if (python === undefined || python === "") return recorded
  yield* provider.set(options.latencyMs)
  const seconds = yield* runPython(python, yield* folder, provider.url, options)
  const { calls, tokensIn, tokensOut } = yield* provider.stats
  const one = (total: number) => total / options.repeats
  return {
    who: "TextGrad 0.1.8 (same server)",
    seconds: median(seconds),
    calls: one(calls),
    tokensIn: one(tokensIn),
    tokensOut: one(tokensOut)
  } satisfies Measured
})
