/** The tool of the agent: which paragraphs of a library a query finds. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Paragraph } from "../format/Hotpot.ts"

/** The search itself broke: no fault of the query, which may well find nothing. */
export class SearchFailed extends Schema.TaggedError<SearchFailed>()("SearchFailed", {
  query: Schema.String,
  message: Schema.String
}) {}

/** The paragraphs that a query finds, best first; none where nothing fits. */
export type Search = (
  query: string,
  library: ReadonlyArray<Paragraph>
) => Effect.Effect<ReadonlyArray<Paragraph>, SearchFailed>

const wordsOf = (text: string): ReadonlyArray<string> => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

// the usual settings: how soon more of the same word counts no more, and how much a long text must have more of it
const saturation = 1.2
const lengthening = 0.75

/** How well each text fits the query: Okapi BM25 (Robertson and Zaragoza 2009), 0 where they have no word in common. */
export const bm25 = (query: string, texts: ReadonlyArray<string>): ReadonlyArray<number> => {
  const documents = texts.map(wordsOf)
  const meanLength = documents.reduce((sum, { length }) => sum + length, 0) / documents.length
  const scores = documents.map(() => 0)
  for (const word of new Set(wordsOf(query))) {
    const counts = documents.map((words) => words.filter((one) => one === word).length)
    const having = counts.filter((count) => count > 0).length
    const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))
    counts.forEach((count, i) => {
      const length = 1 - lengthening + (lengthening * documents[i]!.length) / meanLength
      if (count > 0) scores[i]! += (rarity * count * (saturation + 1)) / (count + saturation * length)
    })
  }
  return scores
}

/** The `keep` paragraphs at most that fit best by their words; a word of the title counts twice. Equal ones stay in order. */
export const lexical =
  (keep: number): Search =>
  (query, library) => {
    const scores = bm25(
      query,
      library.map(({ sentences, title }) => [title, title, ...sentences].join(" "))
    )
    const ranked = library.map((paragraph, i) => ({ paragraph, score: scores[i]! })).filter(({ score }) => score > 0)
    return Effect.succeed(
      ranked
        .toSorted((a, b) => b.score - a.score)
        .slice(0, keep)
        .map(({ paragraph }) => paragraph)
    )
  }
