/**
 * What a model call is about, so that TextGrad's calls and ours can be matched whatever their wording: its kind, the
 * variable it concerns, and the texts it is shown.
 */
import type { Request } from "@backprose/core"
import { Message } from "@backprose/core"
import type * as Critique from "@backprose/core/prompts/Critique"
import type * as Judge from "@backprose/core/prompts/Judge"
import type * as Propose from "@backprose/core/prompts/Propose"
import { roleOf } from "./Program.ts"
import type { Call, Transcript } from "./Transcript.ts"

export interface Ask {
  /** Judging counts as forward, as it does for TextGrad. */
  readonly kind: Call["kind"]
  /** Role and value of the variable; empty for a forward call. */
  readonly about: string
  readonly shown: ReadonlyArray<string>
}

export const key = ({ kind, about, shown }: Ask): string => JSON.stringify([kind, about, ...shown])

/** TextGrad shows at most twenty words of a variable. */
const span = (value: string): string => {
  const words = value.split(" ")
  return words.length <= 20 ? value : `${words.slice(0, 10).join(" ")} (...) ${words.slice(-10).join(" ")}`
}

const about = (role: string, value: string) => `${role}: ${span(value)}`

const between = (text: string, tag: string): string =>
  new RegExp(`<${tag}> ?([\\s\\S]*?) ?</${tag}>`).exec(text)?.[1] ?? ""

/** The text that a recorded optimizer reply proposes. */
export const improved = (response: string): string => between(response, "IMPROVED_VARIABLE").trim()

/** What the judgement or output was that a recorded backward call starts from. */
export const output = ({ content }: Call): string =>
  between(content, "LM_OUTPUT") || between(content, "OUTPUT_OF_FUNCTION")

/** A recorded call. */
export const ofCall = (transcript: Transcript, call: Call): Ask => {
  const { content, kind } = call
  if (kind === "forward") return { kind, about: "", shown: forward(transcript, call) }
  const role = ourRole(transcript, between(content, "ROLE"), between(content, "VARIABLE"))
  const variable = about(role, between(content, "VARIABLE"))
  return { kind, about: variable, shown: kind === "optimizer" ? [] : [...operation(transcript, content), output(call)] }
}

const forward = ({ program }: Transcript, { system_prompt: system, content }: Call): ReadonlyArray<string> => {
  // an evaluation of several fields carries its instruction in the message, under a system prompt of its own
  for (const op of program) {
    const instruction = op.op === "multiField" ? `${op.instruction.value}\n` : ""
    if (instruction !== "" && content.startsWith(instruction)) {
      return [instruction.trimEnd(), content.slice(instruction.length)]
    }
  }
  return system === null ? [content] : [system, content]
}

const operation = ({ program }: Transcript, content: string): ReadonlyArray<string> => {
  const call = program.find((op) => op.op === "stringFunction" && content.includes(op.purpose))
  if (call?.op === "stringFunction") {
    const inputs = between(content, "INPUTS_TO_FUNCTION").split("\n\n**")
    return [call.purpose, ...inputs.map((input) => input.slice(input.indexOf(")**: ") + 5))]
  }
  const system = between(content, "LM_SYSTEM_PROMPT")
  return [...(system === "None" ? [] : [system]), between(content, "LM_INPUT")]
}

/** The role that we give to the variable which TextGrad calls `role` at the end. */
const ourRole = ({ program, result }: Transcript, role: string, shown: string): string => {
  const known = Object.entries(result ?? {}).filter(([, variable]) => variable.role === role)
  const [name] = known.find(([, variable]) => span(variable.value) === shown) ?? known[0] ?? []
  return name === undefined ? role : roleOf(program, name)
}

/** The subjects of one of our calls: a joint call to the critic has one for each variable. */
export const ofRequest = ({ purpose, messages }: Request.Request): ReadonlyArray<Ask> => {
  const texts = messages.map(Message.text)
  switch (purpose) {
    case "forward":
      return [{ kind: "forward", about: "", shown: texts }]
    case "judge": {
      const { objective, fields } = slots<Judge.Slots>(texts)
      const shown = fields.map(({ label, text }) => (fields.length === 1 ? text : `**${label}**: ${text}`))
      return [{ kind: "forward", about: "", shown: [objective, shown.join("\n")] }]
    }
    case "backward": {
      const { operation, output, targets } = slots<Critique.Slots>(texts)
      // the words of a program around its inputs stand in a fence of their own
      const words = operation.map(({ text }) => text.replaceAll(fencedText, "$2"))
      const shown = [...words.map((text) => text.replaceAll(fenced, "$3")), output]
      const values = new Map(
        words.flatMap((text) => [...text.matchAll(fenced)].map(([, id, , value]) => [id, value] as const))
      )
      return targets.map(({ id, role }) => ({ kind: "backward", about: about(role, values.get(id)!), shown }))
    }
    case "optimizer": {
      const { role, value } = slots<Propose.Slots>(texts)
      return [{ kind: "optimizer", about: about(role, value), shown: [] }]
    }
  }
}

/** What our prompts are made from: the replay asks for it instead of a prompt. */
export const slots = <Slots>(texts: ReadonlyArray<string>): Slots => JSON.parse(texts.at(-1)!) as Slots

const fencedText = /<text-([a-z0-9]+)>\n([\s\S]*?)\n<\/text-\1>/g
const fenced = /<([a-z0-9]+)-([a-z0-9]+)>\n([\s\S]*?)\n<\/\1-\2>/g
