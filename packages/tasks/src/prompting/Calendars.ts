/**
 * Questions about dates from a seeded generator. In the style of the date understanding of BIG-Bench Hard (Suzgun et al.,
 * arXiv 2210.09261), with our own words and ISO dates: no question is one of theirs.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { distinct } from "./distinct.ts"
import { lettered } from "./options.ts"
import type { Puzzle } from "./Subject.ts"

const months = "January February March April May June July August September October November December".split(" ")

const iso = (date: DateTime.Utc) => DateTime.formatIsoDateUtc(date)

const inWords = (date: DateTime.Utc) => {
  const { day, month, year } = DateTime.toPartsUtc(date)
  return `${day} ${months[month - 1]} ${year}`
}

const shift = (date: DateTime.Utc, by: { readonly days?: number; readonly months?: number }): DateTime.Utc =>
  DateTime.add(date, by)

/** A day on which every shift by months ends on a day that exists. */
const someDay = Effect.gen(function* () {
  const [year, month, day] = yield* Effect.all([
    Random.nextIntBetween(1901, 2090),
    Random.nextIntBetween(1, 12),
    Random.nextIntBetween(1, 28)
  ])
  return DateTime.makeUnsafe({ year, month, day })
})

interface Told {
  readonly told: string
  readonly right: DateTime.Utc
  readonly why: string
}

/** What a question may tell, and the date that follows. */
const stories: ReadonlyArray<(day: DateTime.Utc, n: number) => Told> = [
  (day, n) => ({
    told: `The exhibition opened on ${inWords(day)} and closed ${n} weeks later. On what date did it close?`,
    right: shift(day, { days: 7 * n }),
    why: `A week has 7 days, so count ${7 * n} days on from ${iso(day)}.`
  }),
  (day, n) => ({
    told: `The harvest feast is on ${inWords(day)}. The baker starts ${n} days before. On what date does the baker start?`,
    right: shift(day, { days: -n }),
    why: `Count ${n} days back from ${iso(day)}, over the end of the month before where it comes to that.`
  }),
  (day, n) => ({
    told: `The bridge was closed for repairs on ${inWords(day)} and opened again ${n} days later. On what date did it open?`,
    right: shift(day, { days: n }),
    why: `Count ${n} days on from ${iso(day)}, over the end of the month where it comes to that.`
  }),
  (day) => ({
    told: `The day before yesterday was ${inWords(day)}. What is the date tomorrow?`,
    right: shift(day, { days: 3 }),
    why: `Today is two days after ${iso(day)}, and tomorrow is three days after it.`
  }),
  (day) => ({
    told: `Tomorrow is ${inWords(day)}. What was the date yesterday?`,
    right: shift(day, { days: -2 }),
    why: `Today is one day before ${iso(day)}, and yesterday is two days before it.`
  }),
  (day, n) => ({
    told: `A contract signed on ${inWords(day)} ends after ${n} months, on the same day of the month. On what date does it end?`,
    right: shift(day, { months: n }),
    why: `Count ${n} months on from ${iso(day)}, over the end of the year where it comes to that; the day stays the same.`
  }),
  (day) => ({
    told: `The rent is due on the last day of each month. When was it due in the month before ${inWords(day)}?`,
    right: shift(day, { days: -DateTime.toPartsUtc(day).day }),
    why: `The last day of the month before is one day before the first of the month of ${iso(day)}.`
  })
]

/** Dates that a slip would lead to. */
const slips = (right: DateTime.Utc): ReadonlyArray<string> =>
  [
    { days: 1 },
    { days: -1 },
    { days: 7 },
    { days: -7 },
    { days: 2 },
    { days: -2 },
    { months: 1 },
    { months: -1 },
    { months: 12 },
    { months: -12 }
  ].map((by) => iso(shift(right, by)))

const one = Effect.gen(function* () {
  const story = yield* Random.choice(stories as [(typeof stories)[number], ...typeof stories])
  const { right, told, why } = story(yield* someDay, yield* Random.nextIntBetween(3, 20))
  const others = [...new Set(yield* Random.shuffle(slips(right)))].filter((date) => date !== iso(right)).slice(0, 5)
  const options = yield* Random.shuffle([iso(right), ...others])
  return { ...lettered(told, options, iso(right)), why }
})

/** `n` distinct questions with six options each; the same seed always gives the same ones. */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Puzzle>> =>
  distinct(one, { n, seed, name: "calendars" })
