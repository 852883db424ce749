/**
 * Events of a streamed response as parts: a fold, one event at a time. The events name their items, so blocks may overlap.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CallSite, Decoder } from "../wire/call.ts"
import * as Outcome from "../wire/outcome.ts"
import * as Reply from "./reply.ts"

const Event = Schema.Struct({
  type: Schema.String,
  item_id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  delta: Schema.optionalKey(Schema.Unknown),
  item: Schema.optionalKey(Schema.NullOr(Reply.Item)),
  response: Schema.optionalKey(Schema.NullOr(Reply.Reply))
})
type Event = typeof Event.Type

/** @internal */
export const decoder: Decoder<Event> = Schema.decodeUnknownResult(Event)

type Kind = "text" | "reasoning" | "tool-params"

export interface State {
  readonly started: boolean
  /** What is open, by the id of its item; for the parameters of a tool, with the id of the call. */
  readonly open: ReadonlyMap<string, { readonly kind: Kind; readonly id: string }>
  /** Items that are done, in the order in which they were: their calls are made at the end. */
  readonly calls: ReadonlyArray<Reply.Item>
  /** The response as the last event gave it. */
  readonly final: Reply.Reply | undefined
  readonly failed: boolean
}

export const initial: State = { started: false, open: new Map(), calls: [], final: undefined, failed: false }

type Parts = Array<Response.StreamPartEncoded>

const kinds: Readonly<Record<string, Kind>> = {
  "response.output_text.delta": "text",
  "response.refusal.delta": "text",
  "response.reasoning_summary_text.delta": "reasoning",
  "response.function_call_arguments.delta": "tool-params"
}

const opened = (state: State, key: string, kind: Kind, id: string): State => ({
  ...state,
  open: new Map(state.open).set(key, { kind, id })
})

const added = (state: State, item: Reply.Item, out: Parts): State => {
  if (item.type !== "function_call") return state
  const id = item.call_id ?? item.id ?? ""
  out.push({ type: "tool-params-start", id, name: item.name ?? "" })
  return opened(state, item.id ?? id, "tool-params", id)
}

const delta = (state: State, event: Event, kind: Kind, out: Parts): State => {
  const text = typeof event.delta === "string" ? event.delta : ""
  if (text === "") return state
  const key = event.item_id ?? kind
  const known = state.open.get(key)
  if (known === undefined && kind === "tool-params") return state
  const id = known?.id ?? key
  if (known === undefined && kind !== "tool-params") out.push({ type: `${kind}-start`, id })
  out.push({ type: `${kind}-delta`, id, delta: text })
  return known === undefined ? opened(state, key, kind, id) : state
}

const done = (state: State, item: Reply.Item, out: Parts): State => {
  const key = item.id ?? item.call_id ?? ""
  const known = state.open.get(key)
  const metadata = Reply.reasoningMetadata(item)
  if (known !== undefined) {
    const ending = { type: `${known.kind}-end`, id: known.id } as const
    out.push(known.kind === "reasoning" ? { type: "reasoning-end", id: known.id, metadata } : ending)
  } else if (item.type === "reasoning") {
    // reasoning without a summary still has to be handed back
    out.push({ type: "reasoning-start", id: key }, { type: "reasoning-end", id: key, metadata })
  }
  const open = new Map(state.open)
  open.delete(key)
  return { ...state, open, calls: item.type === "function_call" ? [...state.calls, item] : state.calls }
}

/** The next state, and what an event adds to the response. Events of no interest are passed over. */
export const step = (state: State, event: Event): readonly [State, Parts] => {
  const out: Parts = []
  let next = state
  const response = event.response ?? undefined
  if (!next.started && response !== undefined) {
    out.push(Outcome.metadata(response.id, response.model))
    next = { ...next, started: true }
  }
  const item = event.item ?? undefined
  const kind = kinds[event.type]
  if (kind !== undefined) return [delta(next, event, kind, out), out]
  switch (event.type) {
    case "response.output_item.added":
      return [item === undefined ? next : added(next, item, out), out]
    case "response.output_item.done":
      return [item === undefined ? next : done(next, item, out), out]
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return [{ ...next, final: response, failed: event.type === "response.failed" }, out]
    default:
      return [next, out]
  }
}

/** What the end of the events adds. A stream without a final response broke off. */
export const end = Effect.fnUntraced(function* (site: CallSite, state: State): Effect.fn.Return<Parts, AiError> {
  const { calls, failed, final, open } = state
  if (final === undefined) return yield* Outcome.brokenOff(site)
  if (failed) return yield* Reply.gaveUp(site, final)
  const out: Parts = [...open.values()].map(({ id, kind }) => ({ type: `${kind}-end`, id }))
  out.push(...(yield* Effect.forEach(calls, (item) => Reply.toolCall(site, item))))
  out.push({ type: "finish", reason: Reply.finishReason(final), usage: Reply.usage(final.usage) })
  return out
})
