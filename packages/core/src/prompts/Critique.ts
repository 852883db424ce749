/** Asks the critic how the inputs of a call or of a function should change. */
import * as Context from "effect/Context"
import type { Criticism } from "../graph/Feedback.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

/** An input of the operation under discussion. `id` marks its place in the texts below. */
export interface Input {
  readonly id: string
  readonly role: string
}

export interface Slots {
  /**
   * What was done, as titled texts. Each input stands in its own fence, whole; where there are other words around the
   * inputs, they and the inputs stand in one fence together.
   */
  readonly operation: ReadonlyArray<{ readonly title: string; readonly text: string }>
  readonly outputRole: string
  readonly output: string
  /** The output is itself the last judgement of the system, to be made better. */
  readonly isObjective: boolean
  readonly feedback: ReadonlyArray<Criticism>
  /** The inputs to criticise. */
  readonly targets: ReadonlyArray<Input>
  /** Whether the reply is a JSON object (`criticismOf` each target), or the criticism of the one target as it is. */
  readonly structured: boolean
}

/** The key under which a structured reply first says in which cases this happens: it keeps the criticism to the case. */
export const whenKey = "when"

/** The key of an input's criticism in a structured reply. */
export const criticismOf = (id: string): string => `${id}_lacks`

const system = `You are the critic in a system that improves texts by feedback. You see one operation: its inputs, its output, and what was said about the output.
First see in which cases this happens, by what the data of the case is about. Then, for each input you are asked about, say what it lacks or gets wrong for such cases, so that the output comes out right next time. Take over every fact, label, format and rule from the feedback word for word.
One to three sentences an input. Criticise it, do not write its new version. Leave the text empty for an input that needs no change.`

/** One line a piece of feedback, each in its own fence. */
export const feedbackList = (feedback: ReadonlyArray<Criticism>): string =>
  feedback
    .map((one, i) => {
      const score = one.score === undefined ? "" : `, score ${one.score} of 1`
      const weight = one.weight === undefined ? "" : `, weight ${one.weight}`
      return `Feedback ${i + 1} (from ${Fence.quote(one.from)}${score}${weight}):\n${Fence.wrap("feedback", one.text)}`
    })
    .join("\n")

/** A title is our own words, or the name of an argument; one that is neither is shown as data. */
const heading = (title: string): string => (/^\w[\w .,'()-]*$/.test(title) ? title : Fence.quote(title))

const user = (slots: Slots): string =>
  [
    "# What was done",
    ...slots.operation.map(({ title, text }) => `${heading(title)}:\n${text}`),
    `Output, used as ${Fence.quote(slots.outputRole)}:\n${Fence.wrap("output", slots.output)}`,
    "",
    "# What was said about the output",
    ...(slots.isObjective
      ? ["The output is itself the final judgement of the system. The aim is that this judgement turns out better."]
      : []),
    ...(slots.feedback.length > 0 ? [feedbackList(slots.feedback)] : []),
    "",
    "# Your task",
    ...slots.targets.map(
      ({ id, role }) => `When does this happen, and what does ${id}, used as ${Fence.quote(role)}, lack then?`
    )
  ].join("\n")

/** The reply in the form that is asked for: a JSON object with one text an input, or the text alone. */
const reply = (slots: Slots, when: string, text: string): string =>
  slots.structured
    ? JSON.stringify({
        [whenKey]: when,
        ...Object.fromEntries(slots.targets.map(({ id }, i) => [criticismOf(id), i === 0 ? text : ""]))
      })
    : text

/** The worked case, with as many inputs as the real one asks about: only the first of them is to blame. */
const example = (slots: Slots): NonNullable<Prompt["example"]> => {
  const letter = "Dear council, the bar below us plays music until four in the morning. Please do something."
  const others = slots.targets.slice(1).map((_, i) => ({
    id: `input${i + 2}`,
    role: i === 0 ? "letter to sort" : "note on the letter",
    text: i === 0 ? letter : "Came by post."
  }))
  const prompt = others.length === 0 ? letter : others.map(({ id, text }) => Fence.wrap(id, text)).join("\n")
  const shown: Slots = {
    operation: [
      { title: "System prompt", text: Fence.wrap("input1", "Sort the letter into a tray.") },
      { title: "Prompt", text: prompt }
    ],
    outputRole: "tray of the letter",
    output: "Complaints",
    isObjective: false,
    feedback: [
      {
        _tag: "Criticism",
        text: "Wrong tray: Complaints. A letter like this one belongs into tray N4.",
        from: "check of the tray",
        score: 0
      }
    ],
    targets: [{ id: "input1", role: "instructions of the model that sorts letters" }, ...others],
    structured: slots.structured
  }
  const lacks = "such letters belong into tray N4"
  return { user: user(shown), reply: reply(shown, "a letter is about music or other noise that is too loud", lacks) }
}

/** The prompt of the critic. Provide a function of your own to replace it. */
export const CritiquePrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Critique",
  {
    defaultValue:
      () =>
      (slots: Slots): Prompt => ({ system, example: example(slots), user: user(slots) })
  }
)
