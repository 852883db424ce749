/**
 * Text with variables in its slots: how prompts are written, and an operation of its own.
 */
import * as Effect from "effect/Effect"
import * as Feedback from "../graph/Feedback.ts"
import { isImage } from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import type { Part } from "../model/Message.ts"
import * as Fence from "../prompts/Fence.ts"

export interface Template<out R = never> {
  readonly parts: ReadonlyArray<string | Variable.Variable<unknown, R>>
}

type Slot<R> = Variable.Variable<unknown, R> | Template<R> | string | number

const isTemplate = (u: unknown): u is Template<any> => typeof u === "object" && u !== null && "parts" in u

/**
 * A template literal whose slots are variables, other templates, or plain text.
 *
 * **Example**
 *
 * ```ts
 * import { Template, Variable } from "@backprose/core"
 *
 * const question = Variable.constant("What is 2 + 2?", "question")
 * const prompt = Template.make`Question: ${question}\nAnswer:`
 * Template.render(prompt) // => "Question: What is 2 + 2?\nAnswer:"
 * ```
 */
export const make = <R = never>(strings: TemplateStringsArray, ...slots: ReadonlyArray<Slot<R>>): Template<R> => ({
  parts: strings.flatMap((text, i) => {
    const slot = slots[i]
    const inner =
      slot === undefined ? [] : isTemplate(slot) ? slot.parts : [typeof slot === "number" ? `${slot}` : slot]
    return text === "" ? inner : [text, ...inner]
  })
})

/** A variable, a text or a template, as a template. */
export const from = <R>(content: Template<R> | Variable.Variable<unknown, R> | string): Template<R> =>
  isTemplate(content) ? content : { parts: [content] }

/** The variables in a template, each once, in order. */
export const variables = <R>(self: Template<R>): ReadonlyArray<Variable.Variable<unknown, R>> => [
  ...new Set(self.parts.filter((part) => typeof part !== "string"))
]

/** The text, with each variable shown by `show`: by default its value. */
export const render = (self: Template<any>, show: (variable: Variable.Any) => string = Variable.shown): string =>
  self.parts.map((part) => (typeof part === "string" ? part : show(part))).join("")

/** The images in a template, in order. */
export const images = (self: Template<any>): ReadonlyArray<Part> =>
  self.parts.flatMap((part) => (typeof part !== "string" && isImage(part.value) ? [part.value.part] : []))

/** What a user message is made of: plain text, or parts where there are images. */
export const content = (self: Template<any>): string | ReadonlyArray<Part> =>
  images(self).length === 0
    ? render(self)
    : self.parts.flatMap((part): ReadonlyArray<Part> => {
        if (typeof part === "string") return [{ type: "text", text: part }]
        return [isImage(part.value) ? part.value.part : { type: "text", text: Variable.render(part.value) }]
      })

/** The filled template as a variable. Feedback on the text goes on to each slot, with the template around it shown. */
export const fill = <R>(self: Template<R>, role: string): Effect.Effect<Variable.Variable<string, R>> =>
  Effect.sync(() => {
    const inputs = variables(self)
    return Variable.applied<string, R>({
      value: render(self),
      role,
      name: "Template",
      inputs,
      pullback: (feedback) => Effect.succeed(inputs.map((input) => feedback.map(inSlot(self, role, input))))
    })
  })

const inSlot =
  (self: Template<any>, role: string, input: Variable.Any) =>
  (feedback: Feedback.Feedback): Feedback.Feedback => {
    if (feedback._tag === "Objective") return feedback
    const around = render(self, (variable) => (variable === input ? "[HERE]" : Variable.shown(variable)))
    const place = `This text fills the slot [HERE] of a larger text, used as ${Fence.quote(role)}:\n${Fence.wrap("template", around)}`
    return { ...feedback, text: `${feedback.text}\n\n${place}` }
  }
