/** Asks for new values of the parameters of a program, from what it computed and what was said of the results. */
import * as Context from "effect/Context"
import * as Feedback from "../graph/Feedback.ts"
import { feedbackList } from "./Critique.ts"
import { type Failed, failed, section } from "./Failed.ts"
import * as Fence from "./Fence.ts"
import type { Prompt } from "./Prompt.ts"

export interface Parameter {
  readonly name: string
  readonly role: string
  readonly value: string
  readonly constraints: ReadonlyArray<string>
  /** Versions of it that were tried and not kept, oldest first. */
  readonly failed: ReadonlyArray<Failed>
}

/** One value that was computed, or given from outside. */
export interface Line {
  /** A word of ours: `x1`, `x2`… */
  readonly id: string
  /** The operation that made it; absent for what was given from outside. */
  readonly operation?: string | undefined
  /** Ids, and names of parameters. */
  readonly inputs: ReadonlyArray<string>
  readonly role: string
  readonly value: string
}

/** One program run. */
export interface Case {
  /** Inputs before what was made of them. */
  readonly lines: ReadonlyArray<Line>
  /** How many lines before these are not shown. */
  readonly leftOut: number
}

export interface Slots {
  readonly parameters: ReadonlyArray<Parameter>
  readonly cases: ReadonlyArray<Case>
  readonly feedback: ReadonlyArray<Feedback.Criticism>
  /** Wishes that hold for all parameters. */
  readonly constraints: ReadonlyArray<string>
  /** Whether all parameters are texts. */
  readonly areTexts: boolean
}

const system = `You improve the parameters of a program. You see the parameters, what the program computed from them in several cases, line by line, and what was said of the results.
Find the line where a result goes wrong, and the parameter behind it.

- First say in "reasoning", in one to three sentences, where it goes wrong and why. Then give in "value", for each parameter, its whole new value, or null where it stays as it is.
- Every fact, label, format or rule that the feedback states and the parameter lacks belongs into the parameter, word for word: one rule a kind of case. Keep what works.
- The program will run on new cases: write rules, not answers to the cases you saw.
- A value stands alone: no mention of feedback, cases, lines or other parameters.`

/** Names in the words of the prompt are those of a program; one that is more than a name is shown as data. */
const word = (name: string): string => (/^[\w.$-]+$/.test(name) ? name : Fence.quote(name))

const line = ({ id, inputs, operation, role, value }: Line): string => {
  const made = operation === undefined ? "given" : `${word(operation)}(${inputs.map(word).join(", ")})`
  return `${id} = ${made}, used as ${Fence.quote(role)}:\n${Fence.wrap(id, value)}`
}

const shown = ({ leftOut, lines }: Case, i: number): string =>
  [`Case ${i + 1}:`, ...(leftOut === 0 ? [] : [`[… lines left out: ${leftOut} …]`]), ...lines.map(line)].join("\n")

const list = (constraints: ReadonlyArray<string>): ReadonlyArray<string> =>
  constraints.map((constraint) => `- ${Fence.line(constraint)}`)

const user = ({ cases, constraints, feedback, parameters }: Slots): string => {
  const tried = parameters.flatMap((one) =>
    one.failed.map((version) => failed(`A version of ${word(one.name)}`, version))
  )
  return [
    "# Parameters",
    ...parameters.flatMap(({ constraints, name, role, value }) => {
      // below the value they would be taken for a part of it
      const wishes = constraints.length === 0 ? "" : ` (must be: ${constraints.map(Fence.line).join("; ")})`
      return [`${word(name)}, used as ${Fence.quote(role)}${wishes}:`, Fence.wrap("value", value)]
    }),
    "",
    ...section(tried),
    ...(cases.length === 0 ? [] : ["# What was computed", ...cases.map(shown), ""]),
    "# Feedback",
    feedbackList(feedback),
    "",
    ...(constraints.length === 0 ? [] : ["# Constraints", ...list(constraints), ""]),
    "Now say what goes wrong, and give the new values."
  ].join("\n")
}

const example: NonNullable<Prompt["example"]> = {
  user: user({
    parameters: [
      {
        name: "sorter",
        role: "instructions of the model that sorts letters",
        value: "Sort the letter into a tray.\n- Letters about dogs: tray D1.",
        constraints: [],
        failed: []
      },
      {
        name: "reader",
        role: "instructions of the model that reads letters aloud",
        value: "Say in a few words what the letter is about.",
        constraints: [],
        failed: []
      }
    ],
    cases: [
      {
        leftOut: 0,
        lines: [
          {
            id: "x1",
            inputs: [],
            role: "letter",
            value: "Dear council, the bar below us plays music until four in the morning."
          },
          { id: "x2", operation: "Generate", inputs: ["reader", "x1"], role: "what it is about", value: "loud music" },
          { id: "x3", operation: "Generate", inputs: ["sorter", "x2"], role: "tray", value: "Complaints" }
        ]
      }
    ],
    feedback: [
      Feedback.make("Wrong tray: Complaints. A letter about noise belongs into tray N4.", {
        from: "result x3 of case 1",
        score: 0
      })
    ],
    constraints: [],
    areTexts: true
  }),
  reply: JSON.stringify({
    reasoning: "x2 says rightly what the letter is about; x3 is wrong, as the sorter has no rule for noise.",
    value: {
      sorter: "Sort the letter into a tray.\n- Letters about dogs: tray D1.\n- Letters about noise: tray N4.",
      reader: null
    }
  })
}

/** The prompt of `Trace`. Provide a function of your own to replace it. */
export const TracePrompt: Context.Reference<(slots: Slots) => Prompt> = Context.Reference(
  "@backprose/core/prompts/Trace",
  {
    defaultValue: () => (slots: Slots) => ({
      system,
      // the worked case shows texts; for values of other schemas it would mislead
      ...(slots.areTexts ? { example } : {}),
      user: user(slots)
    })
  }
)
