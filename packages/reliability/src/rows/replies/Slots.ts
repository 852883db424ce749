/** H3: the structure of a prompt does not depend on the data in its slots. */
import {
  Backward,
  Critic,
  Describe,
  FeedbackTokens,
  Generate,
  Loss,
  Message,
  Optimizer,
  Parameter,
  Parameters,
  type Request,
  Template,
  TextualGradientDescent,
  Variable
} from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import { hostile } from "./texts.ts"

const Settings = Schema.Struct({ guide: Schema.String, limit: Schema.Int })

/** One text a slot of the program: values, roles, replies, feedback, objectives, constraints, names of arguments. */
const count = 16
type Data = ReadonlyArray<string>

/**
 * A program whose every text is data: a pipeline of two calls and a described function, judged in words and by score,
 * criticised jointly or input by input, its feedback condensed, both its parameters edited, one edit repaired.
 */
const program = (data: Data) =>
  Effect.gen(function* () {
    const at = (i: number): string => data[i]!
    const parameters = Parameters.make({
      p: Parameter.text(at(0), { role: at(1), constraints: [at(2), "be brief"] }),
      s: Parameter.schema(Settings, { guide: at(3), limit: 1 }, { role: at(4) })
    })
    const question = Variable.constant(at(5), at(6))
    const first = yield* Generate.text({
      system: parameters.p,
      // the program's own words, which may hold data as well
      prompt: Template.make`${at(7)}: ${question} (${parameters.s}) ${at(8)}`,
      role: at(9)
    })
    const shorten = Describe.criticised({
      name: "shorten",
      purpose: at(10),
      role: at(11),
      apply: (given: Readonly<Record<string, string>>) => Object.values(given).join()
    })
    const short = yield* shorten({ [`#${at(12)}`]: first })
    const words = yield* Loss.text(at(13))(short)
    const score = yield* Loss.verdict(at(14))(short)
    const gradients = yield* Backward.run([words, score])
    // two versions, whatever is drawn: equal ones would be shown as one
    const earlier = [
      { value: `${at(15)} 1`, feedback: [`said ${at(1)}`, `said ${at(3)}`] },
      { value: `${at(4)} 2`, score: 0.5, feedback: [] }
    ]
    yield* Effect.exit(Optimizer.propose(parameters, gradients, { earlier: new Map([["p", earlier]]) }))
    return yield* (yield* ScriptedModel).requests
  })

const json = (value: Schema.Json) => JSON.stringify(value)

/** Says data in every reply; the editor's first replies are no JSON, so that it is asked to repair them. */
const model = (data: Data) =>
  ScriptedModel.respond((request) => {
    const said = (i: number) => (data[i]!.trim() === "" ? "said" : `said ${data[i]}`)
    switch (request.purpose) {
      case "forward":
        return said(0)
      case "judge":
        return request.output === undefined ? said(1) : json({ feedback: said(2), score: 0 })
      case "backward":
        if (isDigest(request)) return "abc"
        return request.output === undefined
          ? said(3)
          : json(Object.fromEntries(keys(request).map((key, i) => [key, said(4 + (i % 4))])))
      case "optimizer":
        // condensed to the same length whatever was said: how often it is condensed is no matter of structure
        return isDigest(request) ? "abc" : `no JSON: {${said(9)}`
    }
  })

const isDigest = ({ messages }: Request.Request): boolean => Message.text(messages[0]!).startsWith("You condense")

const keys = (request: Request.Request): ReadonlyArray<string> =>
  Object.keys((request.output?.jsonSchema as { readonly properties?: object } | undefined)?.properties ?? {})

/**
 * A message without its data: a fence, read from its opening line to the first line that closes it, is a place, and so is
 * a quoted text in a line or a constraint; a fence that is never closed would be told of as `open`.
 */
const skeleton = (text: string): string => {
  const lines = text.split("\n")
  const kept: Array<string> = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const [, label, nonce] = /^<([a-z0-9]+)-([a-z0-9]+)>$/.exec(line) ?? []
    if (label === undefined) {
      kept.push(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "[quoted]").replace(/^- .*$/, "- [constraint]"))
      continue
    }
    const end = lines.indexOf(`</${label}-${nonce}>`, i + 1)
    kept.push(end < 0 ? `[open ${label}]` : `[${label}]`)
    if (end >= 0) i = end
  }
  return kept.join("\n")
}

/** What is ours in a request: of a forward call nothing, of a repair its last message. */
const structure = ({ messages, output, purpose }: Request.Request): string => {
  const shown = messages.map((message) =>
    message.role === "assistant" ? "assistant" : `${message.role}: ${skeleton(Message.text(message))}`
  )
  const line = purpose === "optimizer" ? schemaLine(output) : ""
  return `${purpose}\n${shown.join("\n---\n")}`.replaceAll(line === "" ? "\u0000never" : line, "[schema]")
}

const schemaLine = (output: Request.OutputFormat | undefined): string =>
  output === undefined ? "" : JSON.stringify(output.jsonSchema).replaceAll(/"(?:[^"\\]|\\.)*"/g, "[quoted]")

/** How the critic asks, and how much feedback fits a prompt, in tokens: with 1, all of it is condensed. */
const ways = [
  { strategy: Critic.layerJoint, room: 1_000_000 },
  { strategy: Critic.layerPerInput, room: 1_000_000 },
  { strategy: Critic.layerJoint, room: 1 }
]

const requestsOf = (data: Data, { strategy, room }: (typeof ways)[number]) =>
  Effect.map(
    program(data).pipe(
      Effect.provide(Layer.merge(TextualGradientDescent.layer(), strategy), { local: true }),
      Effect.provide(model(data), { local: true }),
      Effect.provideService(FeedbackTokens, room)
    ),
    (requests) => requests.filter(({ purpose }) => purpose !== "forward").map(structure)
  )

const wanted = 2000

const measure = Effect.gen(function* () {
  const plain = Array.from({ length: count }, (_, i) => `plain text ${i}`)
  const expected = yield* Effect.forEach(ways, (way) => requestsOf(plain, way))
  const details: Array<string> = []
  let checked = 0
  for (let seed = 0; checked < wanted; seed++) {
    const data = yield* Random.withSeed(Effect.all(Array.from({ length: count }, () => hostile(14))), `H3/${seed}`)
    const which = seed % ways.length
    const found = yield* requestsOf(data, ways[which]!)
    for (const [i, structure] of expected[which]!.entries()) {
      if (checked === wanted) break
      checked += 1
      if (found[i] !== structure) details.push(`seed ${seed}, prompt ${i}:\n${found[i]}\nis not\n${structure}`)
    }
    if (found.length !== expected[which]!.length) details.push(`seed ${seed}: ${found.length} prompts`)
  }
  return { figure: `${checked - details.length}/${wanted}`, held: details.length === 0, details: details.slice(0, 5) }
})

/** 2,000 prompts of judge, critic, digest, editor and repair, with hostile data in all slots of a program. */
export const slots: Row = {
  id: "H3",
  title: "tags, headings and messages of a prompt never depend on its data",
  wanted: "2000/2000",
  speed: "fast",
  measure
}
