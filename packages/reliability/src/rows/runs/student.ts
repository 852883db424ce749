/**
 * The model behind the runs of these rows: what it says follows from the request alone, and no two requests get the same
 * reply, so that a reply in the wrong place shows in the end of a run.
 */
import { createHash } from "node:crypto"
import { FaultReply, FaultServer } from "@backprose/testing"

interface Asked {
  readonly text: string
  readonly body: {
    readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>
    readonly response_format?: { readonly json_schema?: { readonly schema: { readonly properties?: object } } }
  }
}

const textOf = (content: unknown): string => (typeof content === "string" ? content : JSON.stringify(content))

const facts = (text: string): ReadonlyArray<string> => [
  ...new Set([...text.matchAll(/FACT (\w+) is (\w+)/g)].map(([fact]) => fact))
]

/** Every field of the JSON that is asked for. */
const filled = (properties: object, text: string): unknown =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [
      name,
      type === "number" ? 0.5 : type === "array" ? [text] : text
    ])
  )

/** Its reply, after so many milliseconds at least and some more that follow from the request. */
export const reply =
  (delayMs: number) =>
  ({ body, text }: Asked): FaultReply.Reply => {
    const digest = createHash("sha256").update(text).digest("hex")
    const said = (role: string) =>
      body.messages
        .filter((message) => message.role === role)
        .map(({ content }) => textOf(content))
        .join("\n")
    const [system, prompt] = [said("system"), said("user")]
    const usage = {
      input: 10 + text.length,
      cached: 0,
      output: 1 + (Number.parseInt(digest.slice(0, 2), 16) % 50),
      reasoning: 0
    }
    const shape = body.response_format?.json_schema?.schema.properties
    const group = /The code of: \w+ (\w+) \d+\?/.exec(prompt)?.[1] ?? ""
    const known = new RegExp(`FACT ${group} is (\\w+)`).exec(system)?.[1]
    const answer =
      shape === undefined
        ? FaultReply.text(known ?? `unknown ${digest.slice(0, 6)}`, { usage })
        : FaultReply.json(filled(shape, `${facts(prompt).join(". ")}. (${digest.slice(0, 6)})`), { usage })
    return FaultReply.after(delayMs + (Number.parseInt(digest.slice(2, 4), 16) % (2 * delayMs + 1)), answer)
  }

/** A server that plays it; `instead` says something else where it wants to. */
export const server = (delayMs: number, instead: (index: number) => FaultReply.Reply | undefined = () => undefined) => {
  const said = reply(delayMs)
  return FaultServer.make({ models: ["student"], reply: (request, index) => instead(index) ?? said(request) })
}
