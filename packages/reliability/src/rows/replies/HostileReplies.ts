/** H1: every hostile reply gives the exact text or a named failure, scripted and over a provider's wire. */
import {
  Feedback,
  Fence,
  GradientMap,
  layerAll,
  Optimizer,
  Parameter,
  Parameters,
  TextualGradientDescent
} from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import { FaultReply, FaultServer, ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Row } from "../../Row.ts"
import { all, before, type Hostile } from "./hostile.ts"

const parameters = Parameters.make({
  instructions: Parameter.text(before, { role: "instructions of the solver" }),
  // criticised too, and its replies are always good: it must not change without the other
  tone: Parameter.text("Be kind.", { role: "tone of the solver" })
})
const gradients = GradientMap.make(
  new Map(
    [parameters.instructions, parameters.tone].map((variable) => [
      variable,
      [Feedback.make("It does not say how short.", { from: "judge", score: 0 })]
    ])
  )
)
const good = JSON.stringify({ value: "Repaired.", changed: "" })

/** Which reply comes when: the other parameter gets a good one at once; a `repaired` model does better when asked again. */
const respond = (hostile: Hostile, repaired: boolean) => (prompt: string, turns: number) => {
  if (prompt.includes("tone of the solver")) return good
  return repaired && turns > 1 ? good : hostile.reply
}

const step = Effect.result(Optimizer.step(parameters, gradients)).pipe(Effect.provide(TextualGradientDescent.layer()))
type Stepped = Effect.Success<typeof step>

/** What is wrong with what became of a reply; nothing where it is as wanted. */
const judge = ({ reply, wanted }: Hostile, repaired: boolean, result: Stepped): string | undefined => {
  const got =
    result._tag === "Success"
      ? { text: result.success.instructions.value, tone: result.success.tone.value }
      : { fails: result.failure.reason._tag }
  const said = JSON.stringify(got).slice(0, 200)
  if (parameters.instructions.value !== before || parameters.tone.value !== "Be kind.") return "the parameters changed"
  if ("text" in got && got.tone !== "Repaired.") return `half a step: ${said}`
  if ("text" in wanted) return "text" in got && got.text === wanted.text ? undefined : said
  if (repaired && wanted.fails.includes("ReplyUnreadable")) {
    return "text" in got && got.text === "Repaired." ? undefined : said
  }
  if (!("fails" in got) || !wanted.fails.includes(got.fails)) return said
  const { failure } = result as Extract<Stepped, { readonly _tag: "Failure" }>
  return failure.reason._tag === "ReplyUnreadable" && failure.reason.text !== reply.text
    ? "the raw text is lost"
    : undefined
}

const scripted = (hostile: Hostile, repaired: boolean) =>
  Effect.gen(function* () {
    const result = yield* step
    const asked = (yield* (yield* ScriptedModel).requests).length
    return asked > 3 ? `${asked} calls for two parameters` : judge(hostile, repaired, result)
  }).pipe(
    Effect.provide(
      ScriptedModel.respond(({ messages }) =>
        // the system prompt, the worked case and the question are four messages; a repair adds two
        respond(hostile, repaired)(JSON.stringify(messages), messages.length / 4)
      ),
      { local: true }
    )
  )

const finishReasons = { stop: "stop", length: "length", "content-filter": "content_filter" } as const

/** The same through an OpenAI-compatible server on the loopback interface. */
const overTheWire = Effect.fnUntraced(function* (hostile: Hostile) {
  const server = yield* FaultServer.make({
    reply: ({ body }) => {
      const { messages } = body as { readonly messages: ReadonlyArray<unknown> }
      const said = respond(hostile, false)(JSON.stringify(messages), messages.length / 4)
      if (typeof said === "string") return FaultReply.text(said)
      const finishReason = finishReasons[said.finishReason as keyof typeof finishReasons]
      return FaultReply.text(said.text, { finishReason })
    }
  })
  const model = OpenAi.model("mock", { baseUrl: server.url, apiKey: Redacted.make("none") })
  return judge(hostile, false, yield* step.pipe(Effect.provide(layerAll(model), { local: true })))
})

const measure = Effect.gen(function* () {
  const [shown = ""] = Fence.wrap("value", before).split("\n")
  const cases = all(shown)
  const found = yield* Effect.forEach(cases, (hostile) =>
    Effect.gen(function* () {
      const problems = [
        ["to a stubborn model", yield* scripted(hostile, false)],
        ["repaired", yield* scripted(hostile, true)],
        ["over the wire", yield* Effect.scoped(overTheWire(hostile))]
      ]
      return problems.flatMap(([how, problem]) =>
        problem === undefined ? [] : [`${hostile.name}, ${how}: ${problem}`]
      )
    })
  )
  const held = found.filter((problems) => problems.length === 0).length
  return { figure: `${held}/${cases.length}`, held: held === 44, details: found.flat() }
})

/** Each of 44 hostile replies to the editor, three times: asked again in vain, asked again with success, over HTTP. */
export const hostileReplies: Row = {
  id: "H1",
  title: "hostile replies: the exact text, or a named failure and nothing changed",
  wanted: "44/44",
  speed: "fast",
  measure
}
