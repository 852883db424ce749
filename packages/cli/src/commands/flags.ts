/** Flags that several commands share, each with its words for `--help`. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as GivenPrice from "../models/GivenPrice.ts"
import * as sizes from "../tasks/sizes.ts"

/** A flag that may be left out. */
export const maybe = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  Flag.map(Flag.optional(flag), Option.getOrUndefined)

const atLeast = (minimum: number) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum, { expected: `a whole number from ${minimum}` }))

/** A whole number from `minimum`. */
export const whole = (name: string, minimum: number, description: string): Flag.Flag<number | undefined> =>
  Flag.Int(name).pipe(
    Flag.withSchema(atLeast(minimum)),
    Flag.withMetavar("N"),
    Flag.withDescription(description),
    maybe
  )

export const task = Argument.String("task").pipe(
  Argument.withDescription("a ready task's name, a .ts or .js module, or a .yaml file")
)

export const models = {
  model: Flag.String("model").pipe(
    Flag.withMetavar("P:M"),
    Flag.withDescription(
      "forward model: openai:NAME or local:NAME (default: hosted with a key or base URL, else embedded)"
    ),
    maybe
  ),
  backwardModel: Flag.String("backward-model").pipe(
    Flag.withMetavar("P:M"),
    Flag.withDescription("who judges and criticises (default: the forward model)"),
    maybe
  ),
  optimizerModel: Flag.String("optimizer-model").pipe(
    Flag.withMetavar("P:M"),
    Flag.withDescription("who proposes new prompts (default: the backward model)"),
    maybe
  ),
  fallbackModel: Flag.String("fallback-model").pipe(
    Flag.withMetavar("P:M"),
    Flag.withDescription("who answers where one of these cannot be reached, is too busy, or refuses (default: nobody)"),
    maybe
  ),
  baseUrl: Flag.String("base-url").pipe(
    Flag.withMetavar("URL"),
    Flag.withDescription("an OpenAI-compatible server, as in http://127.0.0.1:8080/v1"),
    maybe
  )
}

export const limit = whole("limit", 1, "test examples; larger training and validation sets are cut to it")

/** Which examples a task has, and how replies to them are scored. */
export const examples = {
  seed: Flag.map(whole("seed", 0, "all chance comes from it (default 0)"), (seed) => seed ?? 0),
  data: Flag.String("data").pipe(
    Flag.withMetavar("SOURCE"),
    Flag.withDescription(
      "a ready task's examples: a file, a folder, a URL, github:OWNER/REPO@COMMIT/PATH or hf:OWNER/SET@REVISION/PATH"
    ),
    maybe
  ),
  order: Flag.Literals("order", ["sound", "textgrad"]).pipe(
    Flag.withDescription("how a data set is ordered and cut: by the seed (default), or as TextGrad does, to compare"),
    maybe
  ),
  sizes: Flag.String("sizes").pipe(
    Flag.filterMap(
      (text) => Option.fromUndefinedOr(sizes.parse(text)),
      (text) => `"${text}" is no sizes of sets: write ${sizes.written}`
    ),
    Flag.withMetavar("paper|N/N/N"),
    Flag.withDescription(
      "a ready task's examples: as in the paper, or so many to train, to validate and for the test (default: a few)"
    ),
    maybe
  ),
  scoring: Flag.Literals("scoring", ["exact", "textgrad"]).pipe(
    Flag.withDescription(
      "how replies are scored: exactly (default), or as TextGrad does, to compare: a text, by number, letter or judge"
    ),
    maybe
  )
}

export const onFailure = Flag.Literals("on-failure", ["skip", "fail", "later"]).pipe(
  Flag.withDescription(
    "what becomes of an example that fails: left out (default), the end, or tried again after the rest"
  ),
  maybe
)
export const concurrency = whole("concurrency", 1, "model calls at once (default: 16, or a core each when embedded)")

// 90s, 10m, 1h30m
const milliseconds = (text: string): Option.Option<number> => {
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?$/.exec(text.replaceAll(" ", ""))
  const [h, m, s] = (parts ?? []).slice(1).map((part) => Number(part ?? 0))
  const ms = parts === null ? 0 : 1000 * (3600 * h! + 60 * m! + s!)
  return ms > 0 ? Option.some(ms) : Option.none()
}

/** Limits on what is spent, and the prices they go by. All hold for the whole command, the test included. */
export const allowance = {
  maxCalls: whole("max-calls", 1, "model calls at most, the test included"),
  maxTokens: whole("max-tokens", 1, "tokens at most, in and out together, over all calls"),
  maxCost: Flag.Finite("max-cost").pipe(
    Flag.filter(
      (usd) => usd >= 0,
      (usd) => `${usd} is no amount of US dollars`
    ),
    Flag.withMetavar("USD"),
    Flag.withDescription("US dollars at most; the models' prices must be known"),
    maybe
  ),
  maxTimeMs: Flag.String("max-time").pipe(
    Flag.filterMap(milliseconds, (text) => `"${text}" is no duration: write 90s, 10m or 1h30m`),
    Flag.withMetavar("DURATION"),
    Flag.withDescription("at most so long from the first call on: 90s, 10m, 1h30m"),
    maybe
  ),
  prices: Flag.String("price").pipe(
    Flag.filterMap(
      (text) => Option.fromUndefinedOr(GivenPrice.parse(text)),
      (text) => `"${text}" is no price: write ${GivenPrice.written}`
    ),
    Flag.withMetavar("[MODEL=]IN,OUT"),
    Flag.withDescription("a hosted model's price in US dollars per million tokens (default: from the price list)"),
    Flag.atLeast(0)
  )
}
export const cache = Flag.Boolean("cache").pipe(
  Flag.withDescription("keep the models' replies, and take those of earlier runs (see `backprose cache`)"),
  Flag.withDefault(false)
)
export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("machine-readable lines on standard output only"),
  Flag.withDefault(false)
)
