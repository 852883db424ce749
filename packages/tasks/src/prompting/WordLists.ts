/**
 * Lists of words to sort, from a seeded generator. Each has words that begin alike, so that a first letter does not decide.
 * In the style of the word sorting task of BIG-Bench Hard (Suzgun et al., arXiv 2210.09261), with our own words.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { distinct } from "./distinct.ts"
import type { Puzzle } from "./Subject.ts"

/** Words that begin with the same letters. */
const families = [
  "bar barley barn barrel barrow basket",
  "can canal candle canoe canvas canyon",
  "car cargo carpet carrot cart carton",
  "fir fire firm first fish fist",
  "gar garage garden garlic garment garnet",
  "ham hammer hammock hamper hamster hand",
  "lad ladder ladle lady lagoon lamb",
  "mar marble march margin market marrow",
  "par parade parcel parrot parsley parsnip",
  "pea peach peanut pear pearl pebble",
  "sea seal seam search season seat",
  "ten tendon tennis tenor tent tenth",
  "wal wall wallet walnut walrus waltz",
  "win wind window wine wing winter"
].map((family) => family.split(" ").slice(1))

const openers = [
  "Put these words into alphabetical order",
  "Arrange in alphabetical order",
  "Order these words from A to Z"
]

const one = Effect.gen(function* () {
  const [first, second, third] = (yield* Random.shuffle(families)) as [Array<string>, Array<string>, Array<string>]
  const alike = (yield* Random.shuffle(first)).slice(0, 3)
  const pair = (yield* Random.shuffle(second)).slice(0, 2)
  const others = third.slice(0, yield* Random.nextIntBetween(1, 3))
  const words = yield* Random.shuffle([...alike, ...pair, ...others])
  const opener = yield* Random.choice(openers as [string, ...Array<string>])
  return { question: `${opener}: ${words.join(", ")}`, answer: words.toSorted().join(" ") }
})

/** `n` distinct lists; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  distinct(one, { n, seed, name: "word-lists" })
