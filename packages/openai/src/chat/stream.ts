/**
 * Events of a streamed chat completion as parts of a streamed response: a fold, one event at a time.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CallSite, Decoder } from "../wire/call.ts"
import * as Outcome from "../wire/outcome.ts"
import { params } from "../wire/tools.ts"
import { finishReason, textOf, usage } from "./reply.ts"

const ToolCallDelta = Schema.Struct({
  index: Schema.optionalKey(Schema.Int),
  id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  function: Schema.optionalKey(
    Schema.NullOr(
      Schema.Struct({
        name: Schema.optionalKey(Schema.NullOr(Schema.String)),
        arguments: Schema.optionalKey(Schema.NullOr(Schema.String))
      })
    )
  )
})

const Delta = Schema.Struct({
  content: Schema.optionalKey(Schema.Unknown),
  refusal: Schema.optionalKey(Schema.NullOr(Schema.String)),
  reasoning_content: Schema.optionalKey(Schema.NullOr(Schema.String)),
  tool_calls: Schema.optionalKey(Schema.NullOr(Schema.Array(ToolCallDelta)))
})
type Delta = typeof Delta.Type

const Chunk = Schema.Struct({
  id: Schema.optionalKey(Schema.Unknown),
  model: Schema.optionalKey(Schema.Unknown),
  usage: Schema.optionalKey(Schema.Unknown),
  choices: Schema.optionalKey(
    Schema.NullOr(
      Schema.Array(
        Schema.Struct({
          delta: Schema.optionalKey(Schema.NullOr(Delta)),
          finish_reason: Schema.optionalKey(Schema.NullOr(Schema.String))
        })
      )
    )
  )
})
type Chunk = typeof Chunk.Type

/** @internal */
export const decoder: Decoder<Chunk> = Schema.decodeUnknownResult(Chunk)

interface OpenCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** What is open, and what is known so far. */
export interface State {
  readonly started: boolean
  readonly open: "text" | "reasoning" | undefined
  /** Blocks of text and reasoning opened so far: the number names the open one. */
  readonly blocks: number
  readonly calls: ReadonlyMap<number, OpenCall>
  readonly finish: string | undefined
  readonly refused: boolean
  readonly usage: unknown
}

export const initial: State = {
  started: false,
  open: undefined,
  blocks: 0,
  calls: new Map(),
  finish: undefined,
  refused: false,
  usage: undefined
}

type Parts = Array<Response.StreamPartEncoded>

const close = (state: State, out: Parts): State => {
  if (state.open !== undefined) out.push({ type: `${state.open}-end`, id: String(state.blocks) })
  return { ...state, open: undefined }
}

const say = (state: State, kind: "text" | "reasoning", delta: string | null | undefined, out: Parts): State => {
  if (delta === undefined || delta === null || delta === "") return state
  if (state.open === kind) {
    out.push({ type: `${kind}-delta`, id: String(state.blocks), delta })
    return state
  }
  const next = { ...close(state, out), open: kind, blocks: state.blocks + 1 }
  const id = String(next.blocks)
  out.push({ type: `${kind}-start`, id }, { type: `${kind}-delta`, id, delta })
  return next
}

const call = (state: State, delta: NonNullable<Delta["tool_calls"]>[number], out: Parts): State => {
  const index = delta.index ?? state.calls.size
  const known = state.calls.get(index)
  const more = delta.function?.arguments ?? ""
  if (known !== undefined) {
    if (more !== "") out.push({ type: "tool-params-delta", id: known.id, delta: more })
    return { ...state, calls: new Map(state.calls).set(index, { ...known, arguments: known.arguments + more }) }
  }
  const opened: OpenCall = { id: delta.id ?? `call_${index}`, name: delta.function?.name ?? "", arguments: more }
  out.push({ type: "tool-params-start", id: opened.id, name: opened.name })
  if (more !== "") out.push({ type: "tool-params-delta", id: opened.id, delta: more })
  return { ...close(state, out), calls: new Map(state.calls).set(index, opened) }
}

/** The next state, and what an event adds to the response. */
export const step = (state: State, chunk: Chunk): readonly [State, Parts] => {
  const out: Parts = []
  let next = state
  if (!next.started) {
    out.push(Outcome.metadata(chunk.id, chunk.model))
    next = { ...next, started: true }
  }
  const choice = chunk.choices?.[0]
  const delta = choice?.delta
  next = say(next, "reasoning", delta?.reasoning_content, out)
  next = say(next, "text", textOf(delta?.content), out)
  next = say(next, "text", delta?.refusal, out)
  for (const one of delta?.tool_calls ?? []) next = call(next, one, out)
  return [
    {
      ...next,
      finish: choice?.finish_reason ?? next.finish,
      refused: next.refused || (delta?.refusal ?? "") !== "",
      usage: chunk.usage ?? next.usage
    },
    out
  ]
}

/** What the end of the events adds: blocks are closed, calls are whole. A stream without a finish reason broke off. */
export const end = Effect.fnUntraced(function* (site: CallSite, state: State): Effect.fn.Return<Parts, AiError> {
  if (state.finish === undefined) return yield* Outcome.brokenOff(site)
  const out: Parts = []
  close(state, out)
  for (const { arguments: args, id, name } of state.calls.values()) {
    out.push(
      { type: "tool-params-end", id },
      { type: "tool-call", id, name, params: yield* params(site.module, name, args) }
    )
  }
  const reason = state.refused ? "content-filter" : finishReason(state.finish)
  out.push({
    type: "finish",
    reason: state.calls.size > 0 && reason === "stop" ? "tool-calls" : reason,
    usage: usage(state.usage)
  })
  return out
})
