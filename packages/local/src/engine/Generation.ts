/**
 * One reply, token by token, on a context that keeps what it has already seen.
 *
 * Where the shape of the reply leaves only one way on (`{"label": "`, the rest of a name that only one choice begins
 * with), that text is not generated: it is appended at the speed of reading, which is many times the speed of writing.
 */
import { TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from "node-llama-cpp"
import type { Expression } from "../grammar/Expression.ts"
import * as Progress from "../grammar/Progress.ts"
import type { Compile } from "./Grammars.ts"
import type { Loaded } from "./Llama.ts"

export interface Options {
  readonly prompt: ReadonlyArray<Token>
  /** What the reply may look like; any text when left out. */
  readonly shape: Expression | undefined
  readonly temperature: number
  readonly topP: number
  readonly seed: number
  readonly maxOutputTokens: number
  readonly stop: ReadonlyArray<string>
}

export interface Reply {
  readonly text: string
  readonly finishReason: "stop" | "length"
  readonly cachedInputTokens: number
  readonly outputTokens: number
}

// a small model that is drawn greedily falls into saying one line for ever: phrases may recur, whole lines may not
const dryRepeatPenalty = { strength: 0.8, allowedLength: 16, lastTokens: 512, sequenceBreakers: [] as Array<string> }

// small enough that a cancelled request is let go within a second, large enough to keep the speed of reading
const chunk = 64

// one step of the engine is not interrupted: a context is given back only when the engine has let go of it
const native = <A>(step: () => Promise<A>): Effect.Effect<A, TextModelError.ProviderUnavailable> =>
  Effect.uninterruptible(
    Effect.tryPromise({
      try: step,
      catch: (cause) => new TextModelError.ProviderUnavailable({ message: `The embedded engine failed: ${cause}` })
    })
  )

// reads the prompt, except for what the context still knows and for the last tokens, from which the reply is drawn
const read = Effect.fnUntraced(function* (sequence: LlamaContextSequence, prompt: ReadonlyArray<Token>) {
  const tokens = prompt as Array<Token>
  const common = Math.min(sequence.compareContextTokens(tokens).firstDifferentIndex, tokens.length - 1)
  if (common < sequence.nextTokenIndex)
    yield* native(() => sequence.eraseContextTokenRanges([{ start: common, end: sequence.nextTokenIndex }]))
  // some kinds of models can only forget everything
  const cached = sequence.nextTokenIndex
  let at = cached
  for (; tokens.length - at > chunk; at += chunk)
    yield* native(() => sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + chunk)))
  return { cached, unread: tokens.slice(at) }
})

// distinct draws for each stretch of a reply, the same ones each time
const stretchSeed = (seed: number, written: number): number => (seed + Math.imul(written, 0x9e3779b1)) >>> 0

/** Generates one reply. Interruption takes effect at the next token, or the next 64 tokens of the prompt. */
export const generate = Effect.fnUntraced(function* (
  { module, model }: Loaded,
  compile: Compile,
  sequence: LlamaContextSequence,
  options: Options
): Effect.fn.Return<Reply, TextModelError.TextModelError> {
  const { cached, unread } = yield* read(sequence, options.prompt)
  const output: Array<Token> = []
  let text = ""
  const reply = (finishReason: Reply["finishReason"]): Reply => {
    const cuts = options.stop.map((stop) => text.indexOf(stop)).filter((index) => index >= 0)
    return {
      text: cuts.length === 0 ? text : text.slice(0, Math.min(...cuts)),
      finishReason: cuts.length === 0 ? finishReason : "stop",
      cachedInputTokens: cached,
      outputTokens: output.length
    }
  }

  let pending = unread
  let shape = options.shape
  let followed = 0
  for (;;) {
    if (shape !== undefined) {
      const ahead = Progress.forced(shape)
      const skipped = ahead.text === "" ? [] : model.tokenize(ahead.text, false, "trimLeadingSpace")
      if (output.length + skipped.length > options.maxOutputTokens) return reply("length")
      output.push(...skipped)
      pending.push(...skipped)
      text = model.detokenize(output)
      followed = text.length
      shape = ahead.rest
      if (ahead.ended) return reply("stop")
    }
    if (output.length >= options.maxOutputTokens) return reply("length")

    const drawing: SequenceEvaluateOptions = {
      temperature: options.temperature,
      topP: options.topP,
      topK: 0,
      dryRepeatPenalty,
      seed: stretchSeed(options.seed, output.length)
    }
    if (shape !== undefined)
      drawing.grammarEvaluationState = new module.LlamaGrammarEvaluationState({ model, grammar: yield* compile(shape) })

    const finished = yield* Effect.acquireUseRelease(
      Effect.sync(() => sequence.evaluate(pending, drawing)),
      Effect.fnUntraced(function* (tokens) {
        for (;;) {
          const next = yield* native(() => tokens.next())
          if (next.done) return reply("stop")
          output.push(next.value)
          text = model.detokenize(output)
          if (options.stop.some((stop) => text.includes(stop))) return reply("stop")
          // a character may come in several tokens: until it is whole, its shape cannot be followed
          if (shape !== undefined && !text.endsWith("\uFFFD")) {
            const rest = Progress.advance(shape, text.slice(followed))
            followed = text.length
            // the engine's grammar may be wider than the shape: what left the shape is judged by whoever asked
            shape = rest._tag === "Never" ? undefined : rest
            const ahead = Progress.forced(rest)
            if (shape !== undefined && (ahead.ended || ahead.text !== "")) {
              pending = [next.value]
              return undefined
            }
          }
          if (output.length >= options.maxOutputTokens) return reply("length")
        }
      }),
      (tokens) => Effect.ignore(native(() => tokens.return()))
    )
    if (finished !== undefined) return finished
  }
})
