/**
 * One trainable value: what it starts as, what it is for, and what a proposed value must satisfy.
 */
import * as Schema from "effect/Schema"
import * as Demonstrations from "./Demonstrations.ts"

export interface Parameter<A> {
  readonly _tag: "ParameterSpec"
  readonly initial: A
  readonly role: string
  readonly schema: Schema.Codec<A, unknown>
  readonly constraints: ReadonlyArray<string>
}

export interface Options {
  /** What the value is for, in words; critics and optimizers read it. */
  readonly role: string
  /** Wishes in words for whoever proposes a value: "at most 200 words". What a schema can say, a schema should. */
  readonly constraints?: ReadonlyArray<string>
}

/** A text that is not blank. */
export const Text: Schema.Codec<string, unknown> = Schema.String.check(
  Schema.isPattern(/\S/, { expected: "a text that is not empty" })
)

/** What is said of a text beside its initial value. */
export interface TextOptions extends Options {
  /**
   * The most characters a proposed text may have. The editor is told; a longer text is asked for once more, then refused,
   * before anything is paid for it. Only the initial text may be longer.
   */
  readonly maxLength?: number
}

/** A trainable text: a prompt, an answer, a program. */
export const text = (initial: string, { maxLength, ...options }: TextOptions): Parameter<string> =>
  maxLength === undefined
    ? schema(Text, initial, options)
    : schema(atMost(maxLength, initial), initial, {
        ...options,
        constraints: [...(options.constraints ?? []), `at most ${maxLength} characters`]
      })

/** No limit for the provider's own decoding: that would cut a text where it ends. */
const atMost = (maxLength: number, initial: string): Schema.Codec<string, unknown> =>
  Schema.String.check(
    Schema.isPattern(/\S/, { expected: "a text that is not empty" }),
    Schema.makeFilter(
      (text: string) =>
        text.length <= maxLength ||
        text === initial ||
        `the text is ${text.length} characters long, which is more than ${maxLength}`
    )
  )

/**
 * A trainable value of any schema: settings, a list of examples, a treatment plan. Proposals are decoded by it, repaired
 * once, or refused.
 */
export const schema = <A>(codec: Schema.Codec<A, any>, initial: A, options: Options): Parameter<A> => ({
  _tag: "ParameterSpec",
  initial,
  role: options.role,
  schema: codec as Schema.Codec<A, unknown>,
  constraints: options.constraints ?? []
})

/**
 * Trainable few-shot examples, none at first: put into a prompt with `Demonstrations.render`, drawn from what went right by
 * the optimizer `Bootstrap`.
 */
export const demonstrations = (
  options: Options & { readonly initial?: Demonstrations.Demonstrations }
): Parameter<Demonstrations.Demonstrations> => schema(Demonstrations.Demonstrations, options.initial ?? [], options)
