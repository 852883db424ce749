import { Backward, Feedback, GradientMap, Graph, type Variable } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Hotpot } from "../format/Hotpot.ts"
import { checkAnswer, checkSearch } from "./checks.ts"
import * as Inquiry from "./Inquiry.ts"
import { outcome, searchCheck } from "./Outcome.ts"

const row: Hotpot = {
  id: "0",
  question: "In which town was the author of The Silent Heron born?",
  answer: "Varnholt",
  paragraphs: [
    { title: "The Silent Heron", sentences: ["The Silent Heron is a book by Ilse Brenmond."] },
    { title: "Ilse Brenmond", sentences: ["Ilse Brenmond was a botanist.", " She was born in Varnholt."] }
  ],
  supporting: [
    { title: "The Silent Heron", sentence: 0 },
    { title: "Ilse Brenmond", sentence: 1 },
    { title: "Ilse Brenmond", sentence: 7 }
  ]
}
const said = (answer: string, titles: ReadonlyArray<string> = [], queries = ["heron"]) => ({ answer, titles, queries })

describe("the check of an answer", () => {
  it("takes what HotpotQA's evaluation takes, and says what the right one rests on", () => {
    for (const answer of ["Varnholt", "the varnholt.", " VARNHOLT "]) {
      assert.strictEqual(checkAnswer(said(answer), row, "f1"), 1, answer)
      assert.strictEqual(checkAnswer(said(answer), row, "exact"), 1, answer)
    }
    assert.deepStrictEqual(checkAnswer(said("Kesby"), row, "f1"), {
      score: 0,
      feedback:
        'The answer "Kesby" is wrong, it must be "Varnholt". It rests on: "The Silent Heron": The Silent Heron is a book by Ilse Brenmond. "Ilse Brenmond": She was born in Varnholt.'
    })
  })

  it("gives part of the score for words in common, where words count", () => {
    const long = said("in Varnholt")
    assert.deepInclude(checkAnswer(long, row, "f1") as object, { score: 2 / 3 })
    assert.include((checkAnswer(long, row, "f1") as { feedback: string }).feedback, "is not exact")
    assert.deepInclude(checkAnswer(long, row, "exact") as object, { score: 0 })
  })

  it("says nothing of the evidence where the data set does not", () => {
    const { supporting: _, ...bare } = row
    assert.deepInclude(checkAnswer(said("Kesby"), bare, "f1") as object, {
      feedback: 'The answer "Kesby" is wrong, it must be "Varnholt".'
    })
    assert.isUndefined(checkSearch(said("Kesby"), bare))
  })
})

describe("the check of a search", () => {
  it("is the share of the needed paragraphs that were found, and names the others with the queries", () => {
    assert.strictEqual(checkSearch(said("", ["Ilse Brenmond", "x", "The Silent Heron"]), row), 1)
    assert.deepStrictEqual(checkSearch(said("", ["The Silent Heron"]), row), {
      score: 0.5,
      feedback:
        'The search did not find these paragraphs, which are needed: "Ilse Brenmond". It searched for: "heron". No second search was made.'
    })
    assert.deepStrictEqual(checkSearch(said("", [], ["heron", 'a "b"']), row), {
      score: 0,
      feedback:
        'The search did not find these paragraphs, which are needed: "The Silent Heron", "Ilse Brenmond". It searched for: "heron", "a \\"b\\"".'
    })
  })
})

/** A leaf that can be asked what it heard. */
const leaf = <A>(name: string, value: A): Variable.Variable<A> => ({
  value,
  role: name,
  origin: { _tag: "Parameter", name, schema: undefined as never, constraints: [] }
})

describe("an outcome", () => {
  it.effect(
    "hands what was said of the search to the searches and to the reader that wanted no more, all else to the answer",
    () =>
      Effect.gen(function* () {
        const [answer, reading] = [leaf("answer", "Varnholt"), leaf("reading", { notes: "", missing: "" })]
        const [first, second] = [leaf("first", row.paragraphs.slice(0, 1)), leaf("second", row.paragraphs)]
        const query = leaf("query", "heron")
        const hops = [
          { query, found: first },
          { query, found: second, reading }
        ]
        const made = outcome({ ...Inquiry.begin(row.question, row.paragraphs), hops }, answer)
        assert.deepStrictEqual(made.value, {
          answer: "Varnholt",
          queries: ["heron", "heron"],
          titles: ["The Silent Heron", "Ilse Brenmond"]
        })
        const wanting = leaf("reading", { notes: "", missing: "the town" })
        const searching = outcome(
          { ...Inquiry.begin(row.question, row.paragraphs), hops: [{ query, found: first, reading: wanting }] },
          answer
        )
        assert.notInclude(Graph.make(searching).nodes, wanting)
        const seed = [
          Feedback.make("not found", { from: searchCheck }),
          Feedback.make("wrong", { from: "the other check" })
        ]
        const gradients = yield* Backward.run(made as Variable.Variable<unknown>, { seed })
        const heard = (variable: Variable.Any) => GradientMap.criticism(gradients, variable).map(({ text }) => text)
        assert.deepStrictEqual([answer, first, second, reading, query].map(heard), [
          ["wrong"],
          ["not found"],
          ["not found"],
          ["not found"],
          []
        ])
      })
  )
})
