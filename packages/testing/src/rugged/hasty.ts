/**
 * A student that takes few notes: of what it is told in one go, it writes down only so much. What, depends on the request
 * and its sample number, so that several proposals from one step differ.
 */
import { Message, type Request } from "@backprose/core"
import * as Hash from "effect/Hash"
import type { Respond } from "../scripted/Reply.ts"
import * as Rule from "../student/Rule.ts"

export interface Options {
  /** New rules at most that an edit writes down. */
  readonly notes: number
  readonly seed: number
}

const defaults: Options = { notes: 1, seed: 0 }

/** A student, or any model that learns rules, as one that writes down only some of them. */
export const hasty = (student: Respond, options: Partial<Options> = {}): Respond => {
  const { notes, seed } = { ...defaults, ...options }
  return (request) => (request.purpose === "optimizer" ? student(noted(request, notes, seed)) : student(request))
}

/** Texts in an order that nothing in them explains, another one for each `by`. */
const order = (text: string, by: string): number =>
  Math.imul(Hash.string(text) ^ Math.imul(Hash.string(by), 0x9e3779b1), 0x85ebca6b) >>> 0

const edited = /<(value|version)-([a-z0-9]+)>\n[\s\S]*?\n<\/\1-\2>/g

/** The request with all but some of the rules left out that are not in the texts to edit. */
const noted = (request: Request.Request, notes: number, seed: number): Request.Request => {
  const all = request.messages.map(Message.text).join("\n")
  const known = new Set([...all.matchAll(edited)].flatMap(([text]) => Rule.find(text).map(Rule.sentence)))
  const missed = Rule.find(all)
    .map(Rule.sentence)
    .filter((sentence) => !known.has(sentence))
    .map((sentence) => ({ sentence, order: order(sentence, `${seed}:${all}:${request.sample}`) }))
    .sort((a, b) => a.order - b.order)
    .slice(Math.max(0, notes))
  const without = (text: string) => missed.reduce((rest, { sentence }) => rest.replaceAll(sentence, ""), text)
  return {
    ...request,
    messages: request.messages.map((message) =>
      message.role === "user" ? Message.user(without(Message.text(message))) : message
    )
  }
}
