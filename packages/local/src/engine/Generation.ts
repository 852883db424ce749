/**
 * One reply, token by token, on a context that keeps what it has already seen.
 */
import type { LlamaContextSequence, LlamaGrammar, Token } from "node-llama-cpp"
import type { Loaded } from "./Llama.ts"

export interface Options {
  readonly prompt: ReadonlyArray<Token>
  readonly grammar: LlamaGrammar | undefined
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

// small enough that a cancelled request stops within a second, large enough to keep the batched speed
const chunk = 64

export const generate = async (
  { module, model }: Loaded,
  sequence: LlamaContextSequence,
  options: Options,
  signal: AbortSignal
): Promise<Reply> => {
  const prompt = options.prompt as Array<Token>
  // the last token is always evaluated: the first token of the reply is drawn from it
  const cached = Math.min(sequence.compareContextTokens(prompt).firstDifferentIndex, prompt.length - 1)
  if (cached < sequence.nextTokenIndex)
    await sequence.eraseContextTokenRanges([{ start: cached, end: sequence.nextTokenIndex }])
  let at = cached
  for (; prompt.length - at > chunk; at += chunk) {
    signal.throwIfAborted()
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, at + chunk))
  }
  const output: Array<Token> = []
  const reply = (finishReason: Reply["finishReason"], text: string): Reply => ({
    text,
    finishReason,
    cachedInputTokens: cached,
    outputTokens: output.length
  })
  const tokens = sequence.evaluate(prompt.slice(at), {
    temperature: options.temperature,
    topP: options.topP,
    topK: 0,
    seed: options.seed,
    ...(options.grammar === undefined
      ? {}
      : { grammarEvaluationState: new module.LlamaGrammarEvaluationState({ model, grammar: options.grammar }) })
  })
  let text = ""
  for await (const token of tokens) {
    signal.throwIfAborted()
    output.push(token)
    text = model.detokenize(output)
    const cut = options.stop.map((stop) => text.indexOf(stop)).filter((index) => index >= 0)
    if (cut.length > 0) return reply("stop", text.slice(0, Math.min(...cut)))
    if (output.length >= options.maxOutputTokens) return reply("length", text)
  }
  return reply("stop", options.grammar === undefined ? text : text.trim())
}
