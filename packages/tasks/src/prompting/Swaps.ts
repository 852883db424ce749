/**
 * Things that change hands, from a seeded generator. In the style of the tracking of shuffled objects of BIG-Bench Hard
 * (Suzgun et al., arXiv 2210.09261), with our own people, things and words: no question is one of theirs.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { distinct } from "./distinct.ts"
import { lettered } from "./options.ts"
import type { Puzzle } from "./Subject.ts"

const people = ["Ines", "Otto", "Mira", "Jonas", "Tilda", "Ravi", "Selma", "Bruno", "Wanda", "Emil"]

const settings = [
  { place: "At the flea market", things: ["kettle", "globe", "lamp", "clock", "mirror", "vase", "radio", "drum"] },
  { place: "In the orchestra", things: ["harp", "cello", "oboe", "viola", "tuba", "gong", "flute", "lute"] },
  { place: "On the ferry", things: ["crate", "barrel", "trunk", "basket", "sack", "hamper", "satchel", "bundle"] },
  { place: "In the greenhouse", things: ["fern", "cactus", "orchid", "lily", "ivy", "palm", "moss", "aloe"] }
] as const

const list = (items: ReadonlyArray<string>) => `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`

const one = Effect.gen(function* () {
  const { place, things: all } = yield* Random.choice(settings)
  const names = (yield* Random.shuffle(people)).slice(0, 5)
  const things = (yield* Random.shuffle(all)).slice(0, 5)
  const pairs = yield* Effect.replicateEffect(
    Effect.map(Random.shuffle(names), ([a, b]) => [a!, b!] as const),
    yield* Random.nextIntBetween(3, 5)
  )
  const asked = yield* Random.choice(names as [string, ...Array<string>])
  const holds = new Map(names.map((name, i) => [name, things[i]!]))
  const course = pairs.map(([a, b], i) => {
    const [first, second] = [holds.get(a)!, holds.get(b)!]
    holds.set(a, second).set(b, first)
    return `after swap ${i + 1} ${a} has the ${second} and ${b} has the ${first}`
  })
  const right = holds.get(asked)!
  const story = [
    `${place} ${list(names.map((name, i) => `${name} has the ${things[i]}`))}.`,
    ...pairs.map(([a, b], i) => `${i === 0 ? "First" : "Then"} ${a} and ${b} swap what they have.`),
    `What does ${asked} have in the end?`
  ].join(" ")
  return {
    ...lettered(story, yield* Random.shuffle(things), right),
    why: `Write down who has what after each swap: ${course.join("; ")}. So ${asked} has the ${right}.`
  }
})

/** `n` distinct stories with five people each; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  distinct(one, { n, seed, name: "swaps" })
