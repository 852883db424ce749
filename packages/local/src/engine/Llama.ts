/**
 * The native engine, loaded when it is first needed: an application that never asks the embedded model never loads it,
 * and does not need it installed.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Llama, LlamaModel } from "node-llama-cpp"
import { EngineUnavailable } from "./EngineUnavailable.ts"

/** The parts of the engine's module that are used, so that no other file imports it as a value. */
export type Module = typeof import("node-llama-cpp")

export interface Loaded {
  /** The model file. */
  readonly path: string
  readonly module: Module
  readonly llama: Llama
  readonly model: LlamaModel
}

const unavailable = (what: string, cause: unknown, advice: string) =>
  new EngineUnavailable({ message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}. ${advice}` })

const importModule: Effect.Effect<Module, EngineUnavailable> = Effect.tryPromise({
  try: () => import("node-llama-cpp"),
  catch: (cause) =>
    unavailable(
      "The embedded engine cannot be loaded",
      cause,
      "Install it beside Backprose: npm install node-llama-cpp@3"
    )
})

// never compiles, never downloads: a machine without a prebuilt binary is told so
const start = (module: Module, log: Array<string>) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () =>
        module.getLlama({
          gpu: false,
          build: "never",
          skipDownload: true,
          progressLogs: false,
          logLevel: module.LlamaLogLevel.error,
          // what the engine says goes into our errors, never onto a terminal that others draw on
          logger: (_, message) => void log.push(message.trim()),
          maxThreads: 0
        }),
      catch: (cause) =>
        unavailable(
          "The embedded engine has no build for this machine",
          cause,
          "Reinstall node-llama-cpp with its optional dependencies, or use a running server with --base-url"
        )
    }),
    (llama) => Effect.promise(() => llama.dispose())
  )

/**
 * Loads the engine and one model file. The file is asked for once the engine runs: a gigabyte is not fetched for nothing.
 * The model is released with the scope.
 */
export const load = <E>(file: Effect.Effect<string, E>): Effect.Effect<Loaded, EngineUnavailable | E, Scope.Scope> =>
  Effect.gen(function* () {
    const module = yield* importModule
    const log: Array<string> = []
    const llama = yield* start(module, log)
    const path = yield* file
    const model = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: (signal) => llama.loadModel({ modelPath: path, gpuLayers: 0, loadSignal: signal }),
        catch: (cause) =>
          unavailable(
            `The model file ${path} cannot be loaded`,
            log.findLast((line) => line !== "") ?? cause,
            "It must be a whole GGUF file of a language model"
          )
      }),
      (model) => Effect.promise(() => model.dispose())
    )
    return { path, module, llama, model }
  })
