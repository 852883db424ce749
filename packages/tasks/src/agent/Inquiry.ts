/**
 * What goes through the agent: a question, and what was found and noted so far. Whatever a prompt shows of it stands in a
 * fence, so that no paragraph can pass for an instruction.
 */
import { type BackwardModel, Fence, Operation, Template, Variable } from "@backprose/core"
import * as Schema from "effect/Schema"
import type { Paragraph } from "../format/Hotpot.ts"

/** A variable whose gradient may ask the critic. */
export type Made<A> = Variable.Variable<A, BackwardModel>

/** What the reader made of the paragraphs. The limits end the reply of a small model that rambles on. */
export const Reading = Schema.Struct({
  notes: Schema.String.check(Schema.isMaxLength(500)),
  /** What has to be looked up next; empty where nothing has. */
  missing: Schema.String.check(Schema.isMaxLength(120))
})
export type Reading = typeof Reading.Type

/** One search, and what was read in it once it was read. */
export interface Hop {
  readonly query: Made<string>
  readonly found: Made<ReadonlyArray<Paragraph>>
  readonly reading?: Made<Reading>
}

/** A question on its way to its answer. */
export interface Inquiry {
  readonly question: Variable.Variable<string>
  /** What can be searched. */
  readonly library: Variable.Variable<ReadonlyArray<Paragraph>>
  readonly hops: ReadonlyArray<Hop>
}

/** The beginning of every inquiry. */
export const begin = (question: string, library: ReadonlyArray<Paragraph>): Inquiry => ({
  question: Variable.constant(question, "question"),
  library: Variable.constant(library, "paragraphs that can be searched"),
  hops: []
})

/** A text as data. Feedback on it is feedback on the text. */
export const fenced = <R>(label: string, text: Variable.Variable<string, R>): Variable.Variable<string, R> =>
  Operation.map(text, { role: text.role, f: (value) => Fence.wrap(label, value) })

/** Paragraphs as data, each under its title. */
export const shown = <R>(found: Variable.Variable<ReadonlyArray<Paragraph>, R>): Variable.Variable<string, R> =>
  Operation.map(found, {
    role: found.role,
    f: (paragraphs) =>
      paragraphs.length === 0
        ? "Nothing was found."
        : paragraphs
            .map(
              ({ sentences, title }) => `Title: ${Fence.quote(title)}\n${Fence.wrap("paragraph", sentences.join(" "))}`
            )
            .join("\n")
  })

/** The question, and below it whatever a component needs of the rest. */
export const asked = ({ question }: Inquiry, ...rest: ReadonlyArray<Template.Template<BackwardModel>>) =>
  rest.reduce<Template.Template<BackwardModel>>(
    (all, more) => Template.make<BackwardModel>`${all}\n${more}`,
    Template.make<BackwardModel>`Question:\n${fenced("question", question)}`
  )
