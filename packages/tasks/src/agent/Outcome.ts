/**
 * What the agent hands out: its answer, and what it searched. One variable, whose feedback goes where it belongs: what was
 * said of the search to the searches, and anything else to the answer.
 */
import { Feedback, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Inquiry, Made } from "./Inquiry.ts"

export interface Outcome {
  readonly answer: string
  readonly queries: ReadonlyArray<string>
  /** The titles of all paragraphs found, each once. */
  readonly titles: ReadonlyArray<string>
}

/** Who speaks of the search: the role of the loss that judges it. */
export const searchCheck = "check of the search"

const ofSearch = (feedback: Feedback.Feedback) => Feedback.isCriticism(feedback) && feedback.from === searchCheck

/** The answer together with the searches behind it. */
export const outcome = ({ hops }: Inquiry, answer: Made<string>): Made<Outcome> => {
  const searches = hops.map(({ found }) => found)
  // what was not found may be due to a reader who thought that nothing was missing any more
  const last = hops.at(-1)?.reading
  const content = last === undefined || last.value.missing.trim() !== "" ? [] : [last]
  return Variable.applied({
    value: {
      answer: answer.value,
      queries: hops.map(({ query }) => query.value),
      titles: [...new Set(searches.flatMap(({ value }) => value.map(({ title }) => title)))]
    },
    role: "answer with its searches",
    name: "Outcome",
    inputs: [answer, ...searches, ...content],
    pullback: (feedback) => {
      const search = feedback.filter(ofSearch)
      const rest = feedback.filter((one) => !ofSearch(one))
      return Effect.succeed([rest, ...searches.map(() => search), ...content.map(() => search)])
    }
  })
}
