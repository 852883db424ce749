/**
 * How the student plays its roles. Each is a function of the request and nothing else.
 */
import { Message, type Request } from "@backprose/core"
import * as Hash from "effect/Hash"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Rule from "./Rule.ts"
import * as Shown from "./Shown.ts"
import { amend, fill } from "./shape.ts"

export interface Options {
  /** Which wrong answers it gives. Default 0. */
  readonly seed: number
  /**
   * When a text it edits grows beyond so many characters, it drops rules that it knew before, oldest first, until the
   * text fits: some of its proposals are then worse than what they replace. Default: it forgets nothing.
   */
  readonly forgetful: number
  /** As editor it hands back the old value, whatever it is told. Default false. */
  readonly stubborn: boolean
}

export const defaults: Options = { seed: 0, forgetful: Number.POSITIVE_INFINITY, stubborn: false }

/** The student's reply: a text, or the value of a structured request. */
export const reply =
  (options: Options) =>
  (request: Request.Request): Schema.Json => {
    switch (request.purpose) {
      case "forward":
        return shaped(request, answer(request, options))
      case "judge":
        return judge(request)
      case "backward":
        return criticise(request)
      case "optimizer":
        return edit(request, options)
    }
  }

const said = ({ messages }: Request.Request, roles: ReadonlyArray<Message.Message["role"]>): string =>
  messages
    .filter(({ role }) => roles.includes(role))
    .map(Message.text)
    .join("\n\n")

/** The case at hand: what comes before it may be an example of how to answer. */
const asked = ({ messages }: Request.Request): string => {
  const last = messages.findLast(({ role }) => role === "user")
  return last === undefined ? "" : Message.text(last)
}

const shaped = ({ output }: Request.Request, text: string, number = 0): Schema.Json =>
  output === undefined ? text : fill(output.jsonSchema, { text, number })

// no task of the student's has these as right answers
const wrong = ["general", "other", "unclear", "unknown"] as const

/** Right where its instructions hold the rule, or a demonstration of it; else wrong. */
const answer = (request: Request.Request, { seed }: Options): string => {
  const instructions = said(request, ["system"])
  const message = said(request, ["user"])
  const rules = Rule.find(instructions === "" ? message : instructions)
  const guess = wrong[(Hash.string(`${seed}:${message}`) >>> 0) % wrong.length]!
  return (
    rules.find((rule) => Rule.concerns(message, rule))?.answer ??
    Shown.answer(Shown.find(instructions), message) ??
    guess
  )
}

/** Judges by the rules in its objective: those that the shown material is about must have their answers in it. */
const judge = (request: Request.Request): Schema.Json => {
  const shown = asked(request)
  const broken = Rule.find(said(request, ["system"])).filter(
    (rule) => Rule.concerns(shown, rule) && !Rule.strip(shown).includes(rule.answer)
  )
  const text = broken.map(Rule.sentence).join("\n")
  // a judgement in words cannot be empty
  if (request.output === undefined) return text === "" ? "Nothing is wrong." : text
  return shaped(request, text, broken.length === 0 ? 1 : 0)
}

/** What stands in each fence of a label, in order. */
const fences = (text: string, label: string): ReadonlyArray<string> =>
  [...text.matchAll(new RegExp(`<${label}-([a-z0-9]+)>\\n([\\s\\S]*?)\\n</${label}-\\1>`, "g"))].map(
    ([, , inner]) => inner!
  )

/** All of it; everything where there is no such fence. */
const fenced = (text: string, label: string): string => {
  const found = fences(text, label)
  return found.length === 0 ? text : found.join("\n")
}

/** The text to edit: the value or, where it is shown tried versions instead, the best of them, which comes last. */
const toEdit = (text: string): string => fences(text, "version").at(-1) ?? fenced(text, "value")

/** Repeats the rules in the feedback, word for word, about every input it is asked about. */
const criticise = (request: Request.Request): Schema.Json => {
  const text = Rule.find(fenced(asked(request), "feedback"))
    .map(Rule.sentence)
    .join("\n")
  if (request.output === undefined) return text === "" ? "No change is needed." : text
  return shaped(request, text)
}

/** The old value, with each rule of the feedback that it lacks appended. */
const edit = (request: Request.Request, { forgetful, stubborn }: Options): Schema.Json => {
  const shown = asked(request)
  const old = toEdit(shown)
  const learn = (text: string): string => {
    if (stubborn) return text
    const known = Rule.find(text).map(Rule.sentence)
    const added = Rule.find(fenced(shown, "feedback"))
      .map(Rule.sentence)
      .filter((rule) => !known.includes(rule))
    if (added.length === 0) return text
    return known.reduce(
      (grown, rule) => (grown.length > forgetful ? grown.replace(rule, "").replace(/\n\n+/g, "\n") : grown),
      [text, ...added].join("\n")
    )
  }
  if (request.output === undefined) return learn(old)
  const filled = shaped(request, "It lacks what the feedback states.")
  const wanted = valueSchema(request.output.jsonSchema)
  const value =
    wanted["type"] === "string"
      ? learn(old)
      : Result.match(
          Result.try(() => JSON.parse(old) as Schema.Json),
          {
            onFailure: () => fill(wanted, { text: learn(old), number: 0 }),
            onSuccess: (json) => amend(json, learn)
          }
        )
  return typeof filled === "object" && filled !== null ? { ...filled, value } : value
}

const valueSchema = (jsonSchema: Schema.Json): { readonly [key: string]: Schema.Json } => {
  const { properties } = jsonSchema as {
    readonly properties?: { readonly value?: { readonly [key: string]: Schema.Json } }
  }
  return properties?.value ?? {}
}
