/**
 * How the student of the rugged task answers: by the narrowest rule that it knows for a message, of equals by the last
 * stated; else with what its instructions say to answer with; else wrong.
 */
import { Message, type Request } from "@backprose/core"
import * as Rule from "../student/Rule.ts"

const said = ({ messages }: Request.Request, role: Message.Message["role"]): string =>
  messages
    .filter((message) => message.role === role)
    .map(Message.text)
    .join("\n\n")

const otherwise = /\banswer with \[([^\]]+)\]/i

export const answer = (request: Request.Request): string => {
  const instructions = said(request, "system")
  const message = said(request, "user")
  const narrowest = Rule.find(instructions)
    .filter((rule) => Rule.concerns(message, rule))
    .reduce<Rule.Rule | undefined>(
      (best, rule) => (best === undefined || rule.topic.length >= best.topic.length ? rule : best),
      undefined
    )
  return narrowest?.answer ?? otherwise.exec(Rule.strip(instructions))?.[1] ?? "unknown"
}
