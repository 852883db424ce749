/**
 * What can go wrong with a model call: one tagged error a fact, so that `Effect.catchTag("RateLimited", …)` reads as it
 * means. `isRetryable` says which of them may go away by themselves.
 */
import * as Schema from "effect/Schema"
import { Usage } from "./Completion.ts"

/** Too many requests just now. `retryAfterMs`: the provider's own word on when to come back. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  message: Schema.String,
  retryAfterMs: Schema.optionalKey(Schema.Finite)
}) {}

/** The account has no credit left. Asking again does not help. */
export class QuotaExhausted extends Schema.TaggedError<QuotaExhausted>()("QuotaExhausted", {
  message: Schema.String
}) {}

/** The key is missing, wrong, or not allowed to do this. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", { message: Schema.String }) {}

/** The provider does not know the model. */
export class ModelUnknown extends Schema.TaggedError<ModelUnknown>()("ModelUnknown", { message: Schema.String }) {}

/** The provider refused the request as malformed. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  message: Schema.String
}) {}

/** Prompt and reply together do not fit the model's context. Both sizes in tokens, as far as the provider says them. */
export class ContextTooLong extends Schema.TaggedError<ContextTooLong>()("ContextTooLong", {
  message: Schema.String,
  /** What the model takes. */
  limit: Schema.optionalKey(Schema.Int),
  /** What it would have had to take. */
  asked: Schema.optionalKey(Schema.Int)
}) {}

/** The provider's filter withheld the reply. */
export class ContentFiltered extends Schema.TaggedError<ContentFiltered>()("ContentFiltered", {
  message: Schema.String
}) {}

/** What a reply that failed has used all the same, where the provider said so: it is paid for. */
const paid = { usage: Schema.optionalKey(Usage) }

/** The reply has no text. */
export class EmptyReply extends Schema.TaggedError<EmptyReply>()("EmptyReply", {
  message: Schema.String,
  ...paid
}) {}

/** The reply ended at its token limit: half a text is never taken as a value. `text` is what came. */
export class ReplyCut extends Schema.TaggedError<ReplyCut>()("ReplyCut", {
  message: Schema.String,
  text: Schema.String
}) {}

/** The reply is not of the shape that was asked for, also after it was asked to repair it. `text` is what came. */
export class ReplyUnreadable extends Schema.TaggedError<ReplyUnreadable>()("ReplyUnreadable", {
  message: Schema.String,
  text: Schema.String,
  ...paid
}) {}

/** The reply is larger than what is read of one. */
export class ReplyTooLarge extends Schema.TaggedError<ReplyTooLarge>()("ReplyTooLarge", {
  message: Schema.String,
  ...paid
}) {}

/** The provider cannot be reached or failed inside: network, 5xx, a body that broke off. */
export class ProviderUnavailable extends Schema.TaggedError<ProviderUnavailable>()("ProviderUnavailable", {
  message: Schema.String,
  retryAfterMs: Schema.optionalKey(Schema.Finite),
  /** For how long call after call has failed. Where it stands, the provider counts as dead, and a run ends. */
  silentMs: Schema.optionalKey(Schema.Finite)
}) {}

/** No whole reply came in the time allowed. */
export class TimedOut extends Schema.TaggedError<TimedOut>()("TimedOut", {
  message: Schema.String,
  afterMs: Schema.Finite
}) {}

/** The call was not made: it would have gone over the budget. */
export class BudgetExceeded extends Schema.TaggedError<BudgetExceeded>()("BudgetExceeded", {
  message: Schema.String,
  /** Which limit it was: of calls, tokens (`tokens`: both kinds together), US dollars, or milliseconds. */
  of: Schema.Literals(["calls", "inputTokens", "outputTokens", "tokens", "usd", "time"]),
  limit: Schema.Finite,
  spent: Schema.Finite
}) {}

/** The run's journal cannot be written, so no reply may be used: it would be lost with the process. */
export class JournalUnwritable extends Schema.TaggedError<JournalUnwritable>()("JournalUnwritable", {
  message: Schema.String
}) {}

/** The run asks something else than it did before: its code, task or options have changed. `place`: where it shows. */
export class JournalMismatch extends Schema.TaggedError<JournalMismatch>()("JournalMismatch", {
  message: Schema.String,
  place: Schema.String
}) {}

/** Any failure of a model call, as a schema: one field can hold whichever it was. */
export const TextModelError = Schema.Union([
  RateLimited,
  QuotaExhausted,
  Unauthorized,
  ModelUnknown,
  InvalidRequest,
  ContextTooLong,
  ContentFiltered,
  EmptyReply,
  ReplyCut,
  ReplyUnreadable,
  ReplyTooLarge,
  ProviderUnavailable,
  TimedOut,
  BudgetExceeded,
  JournalUnwritable,
  JournalMismatch
])
export type TextModelError = typeof TextModelError.Type

/** Whether the same request may succeed later without anyone changing anything. */
export const isRetryable = (error: Pick<TextModelError, "_tag">): boolean =>
  error._tag === "RateLimited" || error._tag === "ProviderUnavailable" || error._tag === "TimedOut"

/** A reply came and nothing could be read of it. Another draw may be better, but each is paid for: worth one. */
export const isMalformed = (error: TextModelError): boolean =>
  error._tag === "EmptyReply" || error._tag === "ReplyUnreadable"

/** It lies in this one request or its reply: any other may well succeed. */
export const isUnusable = (error: TextModelError): boolean =>
  isMalformed(error) ||
  error._tag === "ReplyCut" ||
  error._tag === "ReplyTooLarge" ||
  error._tag === "ContentFiltered" ||
  error._tag === "ContextTooLong"

/** Failures that another example would meet too: the key, the model, the credit, the budget, the journal, a provider that is dead. */
export const isFatal = (error: TextModelError): boolean =>
  (error._tag === "ProviderUnavailable" && error.silentMs !== undefined) ||
  error._tag === "Unauthorized" ||
  error._tag === "ModelUnknown" ||
  error._tag === "QuotaExhausted" ||
  error._tag === "BudgetExceeded" ||
  error._tag === "JournalUnwritable" ||
  error._tag === "JournalMismatch"

/** A refusal of our own budget or journal: nobody was asked, and it says nothing about the model. */
export const isOwnRefusal = ({ _tag }: { readonly _tag: string }): boolean =>
  _tag === "BudgetExceeded" || _tag === "JournalUnwritable" || _tag === "JournalMismatch"

const is = Schema.is(TextModelError)
/** Whether a value is a failure of a model call. */
export const isTextModelError = (u: unknown): u is TextModelError => is(u)
