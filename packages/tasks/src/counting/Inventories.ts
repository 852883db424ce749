/**
 * Counting questions from a seeded generator: a list of things, of which only one kind counts. In the style of the object
 * counting task of BIG-Bench Hard (Suzgun et al., arXiv 2210.09261), with our own words: no question is one of theirs.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A counting question with its answer. */
export interface Inventory {
  readonly question: string
  readonly answer: number
  /** What is asked for: "pieces of fruit". */
  readonly kind: string
  /** The things that count, as "2 pears". */
  readonly counted: ReadonlyArray<string>
  /** The things that do not. */
  readonly others: ReadonlyArray<string>
}

/** Singular and plural of the things of each kind. */
const kinds: Readonly<Record<string, ReadonlyArray<readonly [singular: string, plural: string]>>> = {
  "pieces of fruit": [
    ["pear", "pears"],
    ["mango", "mangoes"],
    ["apricot", "apricots"],
    ["lime", "limes"],
    ["quince", "quinces"],
    ["fig", "figs"]
  ],
  tools: [
    ["hammer", "hammers"],
    ["chisel", "chisels"],
    ["wrench", "wrenches"],
    ["saw", "saws"],
    ["file", "files"],
    ["screwdriver", "screwdrivers"]
  ],
  "items of clothing": [
    ["scarf", "scarves"],
    ["glove", "gloves"],
    ["shirt", "shirts"],
    ["sock", "socks"],
    ["jacket", "jackets"],
    ["cap", "caps"]
  ],
  "kitchen utensils": [
    ["ladle", "ladles"],
    ["whisk", "whisks"],
    ["spatula", "spatulas"],
    ["grater", "graters"],
    ["sieve", "sieves"],
    ["peeler", "peelers"]
  ]
}

const numbers = ["one", "two", "three", "four", "five"] as const
const places = ["In the attic there are", "My aunt packed", "The box holds", "On the market stall I saw", "We found"]

const draw = Effect.fnUntraced(function* (kind: string, things: number) {
  const chosen = (yield* Random.shuffle(kinds[kind] ?? [])).slice(0, things)
  return yield* Effect.forEach(chosen, ([singular, plural]) =>
    Effect.map(Random.nextIntBetween(1, 4), (n) => ({ n, name: n === 1 ? singular : plural }))
  )
})

const list = (items: ReadonlyArray<string>) => `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`

const one = Effect.gen(function* () {
  const [asked, other] = (yield* Random.shuffle(Object.keys(kinds))) as [string, string]
  const counted = yield* draw(asked, yield* Random.nextIntBetween(3, 5))
  const others = yield* draw(other, yield* Random.nextIntBetween(1, 3))
  const place = yield* Random.choice(places as [string, ...Array<string>])
  const shown = yield* Random.shuffle([...counted, ...others])
  const items = list(shown.map(({ n, name }) => `${numbers[n - 1]} ${name}`))
  return {
    question: `${place} ${items}. How many ${asked} is that in all?`,
    answer: counted.reduce((sum, { n }) => sum + n, 0),
    kind: asked,
    counted: counted.map(({ n, name }) => `${n} ${name}`),
    others: others.map(({ n, name }) => `${n} ${name}`)
  } satisfies Inventory
})

/** `n` distinct questions (fewer where there are no more: thousands are no problem). The same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Inventory>> =>
  Effect.gen(function* () {
    const all = new Map<string, Inventory>()
    // where nearly all have been drawn, what is left is not worth waiting for
    for (let draws = 0; all.size < n && draws < 100 * n; draws++) {
      const inventory = yield* one
      all.set(inventory.question, inventory)
    }
    return [...all.values()]
  }).pipe(Random.withSeed(`inventories/${seed}`))
