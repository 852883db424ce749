import { assert, describe, it } from "@effect/vitest"
import { contextSizes } from "./contextSizes.ts"

// the wording of servers, each with its two sizes
const words: ReadonlyArray<readonly [string, number | undefined, number | undefined]> = [
  [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
    8192,
    9001
  ],
  [
    "This model's maximum context length is 4097 tokens, however you requested 5000 tokens (4000 in your prompt; 1000 for the completion).",
    4097,
    5000
  ],
  ["This model's maximum context length is 32768 tokens and your request has 40000 input tokens", 32768, 40000],
  ["prompt is too long: 210,000 tokens > 200,000 maximum", 200000, 210000],
  ["the request exceeds the available context size (4096 tokens), try increasing it", 4096, undefined],
  ["request (5213 tokens) exceeds the available context size (4096 tokens), try increasing it", 4096, 5213],
  ["The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1048576, 1200000],
  ["Your input exceeds the context window of this model.", undefined, undefined],
  ["prompt is too long", undefined, undefined]
]

describe("the sizes in a provider's refusal", () => {
  for (const [message, limit, asked] of words) {
    it(`are read from "${message.slice(0, 60)}"`, () => {
      assert.deepStrictEqual(
        contextSizes(message),
        Object.fromEntries(Object.entries({ limit, asked }).filter(([, size]) => size !== undefined))
      )
    })
  }
})
