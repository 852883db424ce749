/**
 * Questions over the encyclopaedia of an invented world, from a seeded generator: ten paragraphs each, two of which the answer
 * needs. In the form of HotpotQA (Yang et al., arXiv 1809.09600), but nothing in it exists: no model can know the answer, it
 * has to be looked up.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Hotpot, Paragraph } from "../format/Hotpot.ts"
import { distinct } from "../prompting/distinct.ts"

const firstNames = ["Ilse", "Marten", "Oda", "Piet", "Runa", "Silas", "Tove", "Ulf", "Vera", "Wim", "Yrsa", "Zeno"]
const beginnings = [
  "Bren",
  "Dov",
  "Hal",
  "Kes",
  "Lum",
  "Mor",
  "Nev",
  "Pel",
  "Quer",
  "Ryn",
  "Sul",
  "Tarn",
  "Varn",
  "Wex"
]
const middles = ["a", "bel", "do", "e", "gar", "i", "lo", "ni", "o", "sar", "ti", "u"]
const roots = beginnings.flatMap((beginning) => middles.map((middle) => beginning + middle))
const trades = ["clocks", "bicycles", "organs", "lanterns", "maps", "kettles", "sails", "violins"]
const callings = ["novelist", "botanist", "engineer", "composer", "surveyor", "physician"]
const adjectives = ["Silent", "Copper", "Hollow", "Distant", "Crooked", "Frozen", "Scarlet", "Wandering"]
const nouns = ["Heron", "Lantern", "Orchard", "Compass", "Staircase", "Harbour", "Winter", "Bell"]

/** `n` names, no two of one root: a root and the ending of its kind. */
const names = (n: number, endings: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const drawn = (yield* Random.shuffle(roots)).slice(0, n)
    return yield* Effect.forEach(drawn, (root) => Effect.map(Random.shuffle(endings), ([ending]) => `${root}${ending}`))
  })

const years = Effect.fnUntraced(function* (n: number, from: number) {
  const all = yield* Random.shuffle(Array.from({ length: 60 }, (_, i) => from + i))
  return all.slice(0, n)
})

const paragraph = (title: string, ...sentences: ReadonlyArray<string>): Paragraph => ({ title, sentences })

/** Three towns, three people born there, two firms and two books of theirs. */
const world = Effect.gen(function* () {
  const towns = (yield* names(3, ["holt", "by", "mere", "ford", "wick"])) as [string, string, string]
  const rivers = yield* names(3, ["a", "en", "ach"])
  const provinces = yield* names(3, ["land", "ia", "mark"])
  const surnames = yield* names(3, ["mond", "ling", "eck", "ovan", "aster"])
  const given = yield* Random.shuffle(firstNames)
  const people = surnames.map((surname, i) => `${given[i]} ${surname}`) as [string, string, string]
  const home = yield* Random.shuffle([0, 1, 2])
  const born = yield* years(3, 1820)
  const firms = (yield* names(2, [" & Sons", " Works", " Company", " Brothers", " Mills"])) as [string, string]
  const founded = yield* years(2, 1885)
  const founder = (yield* Random.shuffle([0, 1, 2])) as [number, number, number]
  const seat = (yield* Random.shuffle([0, 1, 2])) as [number, number, number]
  const author = (yield* Random.shuffle([0, 1, 2])) as [number, number, number]
  const published = yield* years(2, 1885)
  const [made, did] = [yield* Random.shuffle(trades), yield* Random.shuffle(callings)]
  const [adjective, noun] = [yield* Random.shuffle(adjectives), yield* Random.shuffle(nouns)]
  const places = yield* names(2, ["r", "n", "s"])
  const books = places.map((place, i) => `The ${adjective[i]} ${noun[i]} of ${place}`) as [string, string]
  return {
    towns,
    rivers,
    provinces,
    people,
    home,
    born,
    firms,
    founded,
    founder,
    seat,
    books,
    author,
    paragraphs: [
      ...towns.map((town, i) =>
        paragraph(
          town,
          `${town} is a town in the province of ${provinces[i]}.`,
          `${town} lies on the river ${rivers[i]}.`
        )
      ),
      ...people.map((person, i) =>
        paragraph(
          person,
          `${person} was a ${did[i]}.`,
          `${person} was born in the town of ${towns[home[i]!]} in the year ${born[i]}.`
        )
      ),
      ...firms.map((firm, i) =>
        paragraph(
          firm,
          `${firm} is a firm that makes ${made[i]}.`,
          `${firm} was founded by ${people[founder[i]!]} in the year ${founded[i]}.`,
          `${firm} has its seat in the town of ${towns[seat[i]!]}.`
        )
      ),
      ...books.map((book, i) =>
        paragraph(
          book,
          `${book} is a book by ${people[author[i]!]}.`,
          `${book} was published in the year ${published[i]}.`
        )
      )
    ]
  }
})

type World = Effect.Success<typeof world>
type Asked = Pick<Hotpot, "answer" | "question"> & { readonly supporting: NonNullable<Hotpot["supporting"]> }

const fact = (title: string, sentence: number) => ({ title, sentence })

/** What can be asked of a world: from one paragraph on to another, or by comparing two. Of two things, `a` is named first. */
const questions: ReadonlyArray<(w: World, a: number, b: number) => Asked> = [
  ({ author, books, home, people, towns }, a) => ({
    question: `In which town was the author of ${books[a]} born?`,
    answer: towns[home[author[a]!]!]!,
    supporting: [fact(books[a]!, 0), fact(people[author[a]!]!, 1)]
  }),
  ({ born, firms, founder, people }, a) => ({
    question: `In which year was the founder of ${firms[a]} born?`,
    answer: `${born[founder[a]!]}`,
    supporting: [fact(firms[a]!, 1), fact(people[founder[a]!]!, 1)]
  }),
  ({ home, people, rivers, towns }, a) => ({
    question: `On which river lies the town where ${people[a]} was born?`,
    answer: rivers[home[a]!]!,
    supporting: [fact(people[a]!, 1), fact(towns[home[a]!]!, 1)]
  }),
  ({ firms, provinces, seat, towns }, a) => ({
    question: `In which province is the town where ${firms[a]} has its seat?`,
    answer: provinces[seat[a]!]!,
    supporting: [fact(firms[a]!, 2), fact(towns[seat[a]!]!, 0)]
  }),
  ({ born, people }, a, b) => ({
    question: `Who was born earlier, ${people[a]} or ${people[b]}?`,
    answer: born[a]! < born[b]! ? people[a]! : people[b]!,
    supporting: [fact(people[a]!, 1), fact(people[b]!, 1)]
  }),
  ({ firms, founded }, a, b) => ({
    question: `Which firm is older, ${firms[a]} or ${firms[b]}?`,
    answer: founded[a]! < founded[b]! ? firms[a]! : firms[b]!,
    supporting: [fact(firms[a]!, 1), fact(firms[b]!, 1)]
  })
]

const one = Effect.gen(function* () {
  const drawn = yield* world
  const [ask] = yield* Random.shuffle(questions)
  const [a, b] = yield* Random.shuffle([0, 1])
  return { ...ask!(drawn, a!, b!), paragraphs: yield* Random.shuffle(drawn.paragraphs) }
})

/** `n` distinct questions, each over a world of its own; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Hotpot>> =>
  distinct(one, { n, seed, name: "encyclopaedia" })
