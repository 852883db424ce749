/** The component that writes a search query and runs it. On the second hop it knows what was read on the first. */

import { type BackwardModel, Component, Describe, Generate, Parameter, Select, Template } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Paragraph } from "../format/Hotpot.ts"
import { asked, fenced, type Inquiry } from "./Inquiry.ts"
import type { Search } from "./Search.ts"

const Query = Schema.Struct({ query: Schema.String.check(Schema.isMaxLength(120)) })

/** What the last reader noted, and what it wants to know. */
const known = ({ hops }: Inquiry) => {
  const reading = hops.at(-1)?.reading
  if (reading === undefined) return []
  const [notes, missing] = [Select.field(reading, "notes"), Select.field(reading, "missing")]
  return [
    Template.make<BackwardModel>`Known so far:\n${fenced("notes", notes)}`,
    Template.make<BackwardModel>`Still to be found:\n${fenced("missing", missing)}`
  ]
}

/** Searches once more, unless the reader has all it wants. Parameter: `retrieve.instructions`. */
export const retrieve = (search: Search) => {
  const tool = Describe.passThrough({
    name: "Search",
    purpose: "finds the paragraphs that have the most words in common with the query, rare words and titles first",
    role: "paragraphs found",
    apply: ({ library, query }: { readonly query: string; readonly library: ReadonlyArray<Paragraph> }) =>
      search(query, library)
  })
  return Component.make(
    "retrieve",
    {
      instructions: Parameter.text("Write a search query that finds what the question asks about.", {
        role: "instructions of the model that writes search queries",
        constraints: ["at most 100 words"]
      })
    },
    Effect.fnUntraced(function* (p, inquiry: Inquiry) {
      if (inquiry.hops.at(-1)?.reading?.value.missing.trim() === "") return inquiry
      const written = yield* Generate.object({
        system: p.instructions,
        prompt: asked(inquiry, ...known(inquiry)),
        schema: Query,
        name: "query",
        role: "search query"
      })
      const query = Select.field(written, "query", "search query")
      const found = yield* tool<BackwardModel>({ query, library: inquiry.library })
      return { ...inquiry, hops: [...inquiry.hops, { query, found }] } satisfies Inquiry
    })
  )
}
