import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Hotpot } from "../format/Hotpot.ts"
import * as Encyclopaedia from "./Encyclopaedia.ts"

/** The answer to a question from the sentences alone, read without knowing how they were made. */
const solve = ({ paragraphs, question }: Pick<Hotpot, "paragraphs" | "question">): string | undefined => {
  const text = paragraphs.flatMap(({ sentences }) => sentences).join("\n")
  const quoted = (name: string) => name.replaceAll(/[.&]/g, "\\$&")
  const of = (name: string | undefined, pattern: string) =>
    name === undefined ? undefined : new RegExp(`^${quoted(name)} ${pattern}`, "m").exec(text)?.[1]
  const author = (book: string | undefined) => of(book, "is a book by (.+)\\.$")
  const founder = (firm: string | undefined) => of(firm, "was founded by (.+) in the year")
  const home = (person: string | undefined) => of(person, "was born in the town of (.+) in the year")
  const born = (person: string | undefined) => of(person, "was born in the town of .+ in the year (\\d+)")
  const founded = (firm: string | undefined) => of(firm, "was founded by .+ in the year (\\d+)")
  const asked = (pattern: RegExp) => pattern.exec(question)?.[1]
  const [, a, b] = /, (.+) or (.+)\?$/.exec(question) ?? []
  if (question.includes("author")) return home(author(asked(/author of (.+) born/)))
  if (question.includes("founder")) return born(founder(asked(/founder of (.+) born/)))
  if (question.includes("river")) return of(home(asked(/where (.+) was born/)), "lies on the river (.+)\\.$")
  if (question.includes("province")) {
    const seat = of(asked(/where (.+) has its seat/), "has its seat in the town of (.+)\\.$")
    return of(seat, "is a town in the province of (.+)\\.$")
  }
  if (question.startsWith("Who")) return Number(born(a)) < Number(born(b)) ? a : b
  return Number(founded(a)) < Number(founded(b)) ? a : b
}

describe("the encyclopaedia", () => {
  it.effect("is the same for the same seed, however much is drawn, and another for another", () =>
    Effect.gen(function* () {
      const first = yield* Encyclopaedia.generate(100, 1)
      assert.deepStrictEqual(yield* Encyclopaedia.generate(100, 1), first)
      assert.deepStrictEqual(yield* Encyclopaedia.generate(20, 1), first.slice(0, 20))
      const known = new Set(first.map(({ question }) => question))
      assert.isAbove((yield* Encyclopaedia.generate(100, 2)).filter(({ question }) => !known.has(question)).length, 90)
    })
  )

  it.effect("has a thousand distinct questions, each answered by its paragraphs and not by one of them alone", () =>
    Effect.gen(function* () {
      const all = yield* Encyclopaedia.generate(1000, 3)
      assert.strictEqual(new Set(all.map(({ question }) => question)).size, 1000)
      for (const row of all) {
        assert.strictEqual(new Set(row.paragraphs.map(({ title }) => title)).size, 10, row.question)
        assert.strictEqual(solve(row), row.answer, row.question)
        const needed = [...new Set(row.supporting!.map(({ title }) => title))]
        assert.strictEqual(needed.length, 2)
        const paragraphs = row.paragraphs.filter(({ title }) => needed.includes(title))
        assert.strictEqual(solve({ ...row, paragraphs }), row.answer, "the two that are named are enough")
        const sentences = row.supporting!.map(
          ({ sentence, title }) => paragraphs.find((one) => one.title === title)!.sentences[sentence]!
        )
        assert.strictEqual(
          solve({ question: row.question, paragraphs: [{ title: "", sentences }] }),
          row.answer,
          "so are the named sentences"
        )
      }
    })
  )

  it.effect("asks in each of its ways about as often, and a comparison is won by either side", () =>
    Effect.gen(function* () {
      const all = yield* Encyclopaedia.generate(1200, 4)
      const kind = (question: string) => question.replaceAll(/(?:The )?[A-Z]\w+(?: (?:&|[A-Z]\w+))*/g, "_")
      const counts = Map.groupBy(all, ({ question }) => kind(question))
      assert.strictEqual(counts.size, 6)
      for (const rows of counts.values()) assert.closeTo(rows.length / 1200, 1 / 6, 0.04)
      const compared = all.filter(({ question }) => question.includes(" or "))
      const first = compared.filter(({ answer, question }) => question.includes(`, ${answer} or`)).length
      assert.closeTo(first / compared.length, 0.5, 0.07)
    })
  )
})
