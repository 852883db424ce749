/**
 * A model that answers our calls with what TextGrad's model answered to the same question, and notes what was asked.
 */
import {
  Completion,
  CritiquePrompt,
  JudgePrompt,
  layerAll,
  ProposePrompt,
  type Request,
  TextModel
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ask from "./Ask.ts"
import type { Call, Transcript } from "./Transcript.ts"

/** A call of TextGrad's, and what it is about. */
export interface Recorded {
  readonly ask: Ask.Ask
  readonly call: Call
}

export interface Report {
  /** Our calls, in order. */
  readonly requests: ReadonlyArray<Request.Request>
  /** Recorded calls that we did not make. */
  readonly saved: ReadonlyArray<Recorded>
  /** What we asked and TextGrad did not. */
  readonly beyond: ReadonlyArray<Ask.Ask>
}

// the parts of a prompt are what matters here, not its words
const asData = <Slots>(slots: Slots) => ({ system: "", user: JSON.stringify(slots) })
const prompts = Layer.mergeAll(
  Layer.succeed(JudgePrompt, asData),
  Layer.succeed(CritiquePrompt, asData),
  Layer.succeed(ProposePrompt, asData)
)

/** The models of a transcript, and what became of its calls so far. */
export const make = (transcript: Transcript) => {
  const left: Array<Recorded> = transcript.calls.map((call) => ({ ask: Ask.ofCall(transcript, call), call }))
  const requests: Array<Request.Request> = []
  const beyond: Array<Ask.Ask> = []

  const answer = (ask: Ask.Ask): string => {
    const at = left.findIndex((recorded) => Ask.key(recorded.ask) === Ask.key(ask))
    if (at >= 0) return left.splice(at, 1)[0]!.call.response
    beyond.push(ask)
    return byRule(ask.kind, requests.filter(({ purpose }) => kinds[purpose] === ask.kind).length)
  }

  const model = Layer.succeed(TextModel, {
    complete: (request) =>
      Effect.sync(() => {
        requests.push(request)
        return Completion.make(written(request, Ask.ofRequest(request).map(answer)))
      })
  })
  const report = Effect.sync((): Report => ({ requests: [...requests], saved: [...left], beyond: [...beyond] }))
  return { layer: Layer.merge(layerAll(model), prompts), report }
}

const kinds: { readonly [P in Request.Purpose]: Call["kind"] } = {
  forward: "forward",
  judge: "forward",
  backward: "backward",
  optimizer: "optimizer"
}

/** The replies of the recordings in the shape that the request asks for. */
const written = ({ output, purpose }: Request.Request, replies: ReadonlyArray<string>): string => {
  if (output === undefined) return replies[0]!
  if (purpose === "optimizer") return JSON.stringify({ value: Ask.improved(replies[0]!), changed: "" })
  const { properties } = output.jsonSchema as { readonly properties: object }
  // the recorded critic speaks of the inputs only; what else the shape asks for stays empty
  const given = [...replies]
  const fill = (name: string) => (name.endsWith("_lacks") ? given.shift()! : "")
  return JSON.stringify(Object.fromEntries(Object.keys(properties).map((name) => [name, fill(name)])))
}

/** The rule by which the recordings' replies were made, for programs that ended early there. */
const byRule = (kind: Call["kind"], n: number): string =>
  ({
    forward: `Response ${n}.\nAnswer: ${n}`,
    backward: `Gradient ${n}: be more specific & concise.`,
    optimizer: `<IMPROVED_VARIABLE>improved value ${n}</IMPROVED_VARIABLE>`
  })[kind]
