/**
 * The replies of a script, and which of them comes next.
 */
import { Message, type Request } from "@backprose/core"
import type { Reply } from "./Reply.ts"
import { ScriptExhausted, ScriptNotUsedUp } from "./ScriptError.ts"

/** Replies in the order they are asked for, or in one list for each purpose where the purposes interleave. */
export type Script = ReadonlyArray<Reply> | { readonly [P in Request.Purpose]?: ReadonlyArray<Reply> }

/** A script being read: `next` takes a reply off it. */
export interface Reading {
  readonly next: (request: Request.Request) => Reply | ScriptExhausted
  /** What is left of it, or what was asked beyond it; `undefined` where it was used up exactly. */
  readonly leftover: () => ScriptNotUsedUp | ScriptExhausted | undefined
}

interface List {
  readonly name: string
  readonly replies: ReadonlyArray<Reply>
  taken: number
}

const purposes: ReadonlyArray<Request.Purpose> = ["forward", "judge", "backward", "optimizer"]

/** Starts reading a script. */
export const read = (script: Script): Reading => {
  const whole = Array.isArray(script) ? list("script", script as ReadonlyArray<Reply>) : undefined
  const keyed = Object.fromEntries(
    purposes.map((purpose) => [
      purpose,
      whole ??
        list(`"${purpose}" replies`, (script as { readonly [P in Request.Purpose]?: ReadonlyArray<Reply> })[purpose])
    ])
  ) as { readonly [P in Request.Purpose]: List }
  const lists = [...new Set(Object.values(keyed))]
  let beyond: ScriptExhausted | undefined
  return {
    next: (request) => {
      const from = keyed[request.purpose]
      const reply = from.replies[from.taken]
      if (reply === undefined) return (beyond ??= exhausted(from, request))
      from.taken += 1
      return reply
    },
    leftover: () => beyond ?? notUsedUp(lists.filter(({ replies, taken }) => taken < replies.length))
  }
}

const list = (name: string, replies: ReadonlyArray<Reply> = []): List => ({ name, replies, taken: 0 })

const exhausted = (from: List, request: Request.Request) =>
  new ScriptExhausted({
    message: `the ${from.name} had ${count(from.replies.length)}, and this call came after them:\n${show(request)}`
  })

const notUsedUp = (lists: ReadonlyArray<List>) =>
  lists.length === 0
    ? undefined
    : new ScriptNotUsedUp({
        message: lists
          .map(({ name, replies, taken }) => {
            const left = replies.slice(taken).map((reply) => `  - ${shorten(describe(reply))}`)
            return `of the ${name}, ${taken} of ${count(replies.length)} were asked for; left over:\n${left.join("\n")}`
          })
          .join("\n")
      })

const count = (n: number): string => `${n} ${n === 1 ? "reply" : "replies"}`

const describe = (reply: Reply): string =>
  typeof reply === "function" ? "(a function of the request)" : JSON.stringify(reply)

/** A request as a person wants to see it in the output of a test. */
const show = ({ messages, output, purpose }: Request.Request): string =>
  [
    `purpose ${purpose}${output === undefined ? "" : `, asks for JSON "${output.name}"`}`,
    ...messages.map((message) => `${message.role}: ${shorten(Message.text(message))}`)
  ].join("\n")

const shorten = (text: string): string =>
  text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`
