/**
 * A language model inside the process, as a `TextModel`: no key, no server, no network once the weights are there.
 */

import { availableParallelism } from "node:os"
import { basename } from "node:path"
import { Completion, Message, ModelIdentity, type Request, TextModel, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as ChatTemplate from "./engine/ChatTemplate.ts"
import type { EngineUnavailable } from "./engine/EngineUnavailable.ts"
import { generate } from "./engine/Generation.ts"
import * as Grammars from "./engine/Grammars.ts"
import * as Llama from "./engine/Llama.ts"
import * as Slots from "./engine/Slots.ts"
import { fieldNotes } from "./grammar/FieldNotes.ts"
import { fromJsonSchema } from "./grammar/JsonShape.ts"
import * as ModelCatalogue from "./weights/ModelCatalogue.ts"
import * as Weights from "./weights/Weights.ts"
import type { WeightsUnavailable } from "./weights/WeightsUnavailable.ts"

export interface Options extends Weights.Options {
  /** A name of the catalogue, or an entry of one's own. Default: the catalogue's first, Qwen2.5-Coder-1.5B. */
  readonly model?: string | ModelCatalogue.Entry | undefined
  /** How many requests are answered at once. Default: one a core, up to four, as far as memory goes. */
  readonly contexts?: number | undefined
  /**
   * How many prompts are remembered for requests that begin alike. Default: three for each request at once, so that
   * solver, critic and editor find theirs again, as far as memory goes.
   */
  readonly remembered?: number | undefined
  /** Cores that one request may use. Default: 1; more is slower as soon as anything else runs on the machine. */
  readonly threads?: number | undefined
  /** The longest prompt and reply together, in tokens. Default: 4096. */
  readonly contextSize?: number | undefined
  /** The longest reply of a request that names no limit, in tokens. Default: 512, for an edit 1,024. */
  readonly maxOutputTokens?: number | undefined
}

const defaults = { threads: 1, contextSize: 4096, maxOutputTokens: 512, maxEditTokens: 1024 }

const hasImage = ({ content }: Message.Message): boolean =>
  typeof content !== "string" && content.some((part) => part.type === "image")

// the engine evaluates on the runtime's worker threads, of which there are four
const mostParallel = 4
// a context of the default size takes about 130 MB with the default model; larger models take more
const memoryOfContext = 512 * 1024 * 1024

const roles = 3

const slotsOf = (options: Options) =>
  Effect.sync(() => {
    const fitting = Math.max(1, Math.floor(process.availableMemory() / memoryOfContext))
    const parallel = options.contexts ?? Math.min(availableParallelism(), mostParallel, fitting)
    return { parallel, kept: Math.max(parallel, options.remembered ?? Math.min(parallel * roles, fitting)) }
  })

// beside the instructions, so that it is kept from request to request
const withNotes = ({ messages, output }: Request.Request): ReadonlyArray<Message.Message> => {
  const notes = output && fieldNotes(output.jsonSchema)
  if (notes === undefined) return messages
  const [first, ...others] = messages
  return first?.role === "system"
    ? [Message.system(`${Message.text(first)}\n\n${notes}`), ...others]
    : [Message.system(notes), ...messages]
}

// a file of one's own is called as it is, whichever model was asked for
const nameOf = (path: string, model: Options["model"]): string => {
  const known = typeof model === "object" ? [model, ...ModelCatalogue.all] : ModelCatalogue.all
  return known.find(({ file }) => file === basename(path))?.name ?? basename(path, ".gguf")
}

/** Loads a model once: its contexts share the weights. */
export const make = (
  options: Options = {}
): Effect.Effect<TextModel["Service"], WeightsUnavailable | EngineUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const loaded = yield* Llama.load(Weights.ensure(options.model, options))
    const name = nameOf(loaded.path, options.model)
    const contextSize = options.contextSize ?? defaults.contextSize
    const slots = yield* Slots.make(loaded.model, {
      ...(yield* slotsOf(options)),
      threads: options.threads ?? defaults.threads,
      contextSize
    })
    const render = ChatTemplate.make(loaded.module, loaded.model)
    const compile = Grammars.make(loaded)

    return {
      identity: ModelIdentity.named({
        provider: "local",
        model: name,
        settings: { contextSize, maxOutputTokens: options.maxOutputTokens }
      }),
      complete: Effect.fnUntraced(function* (request: Request.Request) {
        if (request.messages.some(hasImage))
          return yield* new TextModelError.InvalidRequest({ message: `${name} reads text only, not images` })
        const prompt = render(withNotes(request))
        const sampling = request.sampling ?? {}
        // an edit repeats the whole text that is edited
        const usual = request.purpose === "optimizer" ? defaults.maxEditTokens : defaults.maxOutputTokens
        const maxOutputTokens = sampling.maxOutputTokens ?? options.maxOutputTokens ?? usual
        if (prompt.length + maxOutputTokens > contextSize)
          return yield* new TextModelError.ContextTooLong({
            message: `The prompt has ${prompt.length} tokens and the reply may have ${maxOutputTokens}, but ${name} was loaded with a context of ${contextSize}`
          })
        const reply = yield* slots.withSlot(prompt, (sequence) =>
          generate(loaded, compile, sequence, {
            prompt,
            shape: request.output && fromJsonSchema(request.output.jsonSchema),
            temperature: sampling.temperature ?? 0,
            topP: sampling.topP ?? 1,
            seed: ((sampling.seed ?? 0) + Math.imul(request.sample, 0x85ebca6b)) >>> 0,
            maxOutputTokens,
            stop: sampling.stop ?? []
          })
        )
        return Completion.make(reply.text, {
          finishReason: reply.finishReason,
          model: name,
          usage: {
            calls: 1,
            inputTokens: prompt.length,
            cachedInputTokens: reply.cachedInputTokens,
            outputTokens: reply.outputTokens
          }
        })
      })
    }
  })

/** The forward model, embedded. Loaded when the layer is built, released with its scope. */
export const layer = (options?: Options): Layer.Layer<TextModel, WeightsUnavailable | EngineUnavailable> =>
  Layer.effect(TextModel, make(options))
