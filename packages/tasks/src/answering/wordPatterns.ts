/** What word problems tell, with `{…}` for what is drawn, and how each is worked out. */

export type Operator = "+" | "-" | "*" | "/"

/** A number of the problem by its slot, the result of an earlier step as `#1`, or a number that the words stand for. */
type Term = string | number

/** One kind of problem. Numbers are drawn until every step has a whole result above zero. */
export interface Pattern {
  /** Sentences; `{name}` and `{other}` are people. */
  readonly story: readonly [string, ...ReadonlyArray<string>]
  readonly asks: string
  /** A sentence with the number `{aside}`, which changes nothing; told after the first. */
  readonly aside: { readonly text: string; readonly number: readonly [least: number, most: number] }
  readonly numbers: Readonly<Record<string, readonly [least: number, most: number]>>
  readonly steps: ReadonlyArray<readonly [left: Term, operator: Operator, right: Term]>
}

/** The kinds of problems. */
export const patterns: readonly [Pattern, ...ReadonlyArray<Pattern>] = [
  {
    story: [
      "{name} fills {trays} trays with {each} rolls each.",
      "In the morning {morning} rolls are sold, and in the afternoon {afternoon}."
    ],
    aside: { text: "The bakery has been there for {aside} years.", number: [11, 90] },
    asks: "How many rolls are left?",
    numbers: { trays: [8, 24], each: [6, 18], morning: [25, 90], afternoon: [11, 60] },
    steps: [
      ["trays", "*", "each"],
      ["#1", "-", "morning"],
      ["#2", "-", "afternoon"]
    ]
  },
  {
    story: [
      "{name} puts {weekly} euros aside every week for {weeks} weeks.",
      "An aunt adds {gift} euros, and then {name} buys a tent for {price} euros."
    ],
    aside: { text: "{name} is {aside} years old.", number: [9, 17] },
    asks: "How many euros are left?",
    numbers: { weekly: [4, 18], weeks: [6, 30], gift: [10, 60], price: [45, 160] },
    steps: [
      ["weekly", "*", "weeks"],
      ["#1", "+", "gift"],
      ["#2", "-", "price"]
    ]
  },
  {
    story: [
      "A tank is full and holds {full} litres.",
      "A pump takes out {out} litres a minute for {pumping} minutes, and after that a tap lets in {in} litres a minute for {running} minutes."
    ],
    aside: { text: "It stands {aside} metres from the house.", number: [5, 40] },
    asks: "How many litres are in the tank then?",
    numbers: { full: [220, 480], out: [12, 21], pumping: [6, 10], in: [3, 6], running: [5, 11] },
    steps: [
      ["out", "*", "pumping"],
      ["full", "-", "#1"],
      ["in", "*", "running"],
      ["#2", "+", "#3"]
    ]
  },
  {
    story: [
      "A coach drives {slow} kilometres an hour for {first} hours through the mountains.",
      "Then it drives {fast} kilometres an hour for {second} hours."
    ],
    aside: { text: "It has {aside} seats.", number: [24, 68] },
    asks: "How many kilometres is that in all?",
    numbers: { slow: [32, 58], first: [2, 6], fast: [62, 98], second: [2, 5] },
    steps: [
      ["slow", "*", "first"],
      ["fast", "*", "second"],
      ["#1", "+", "#2"]
    ]
  },
  {
    story: [
      "A book has {pages} pages.",
      "{name} reads {daily} pages a day for {days} days, and from then on {more} pages a day."
    ],
    aside: { text: "It cost {aside} euros.", number: [7, 29] },
    asks: "How many more days does it take to finish the book?",
    numbers: { pages: [150, 420], daily: [8, 22], days: [4, 9], more: [12, 30] },
    steps: [
      ["daily", "*", "days"],
      ["pages", "-", "#1"],
      ["#2", "/", "more"]
    ]
  },
  {
    story: [
      "{people} friends order {pizzas} pizzas for {price} euros each and drinks for {drinks} euros altogether.",
      "They share the bill equally."
    ],
    aside: { text: "They have known each other for {aside} years.", number: [2, 25] },
    asks: "How many euros does each of them pay?",
    numbers: { people: [3, 9], pizzas: [3, 9], price: [8, 16], drinks: [10, 40] },
    steps: [
      ["pizzas", "*", "price"],
      ["#1", "+", "drinks"],
      ["#2", "/", "people"]
    ]
  },
  {
    story: [
      "{name} puts a fence around a garden that is {long} metres long and {wide} metres wide.",
      "For the gate, {gate} metres stay open. A metre of fence costs {price} euros."
    ],
    aside: { text: "In the garden there are {aside} apple trees.", number: [3, 19] },
    asks: "How many euros does the fence cost?",
    numbers: { long: [12, 40], wide: [6, 25], gate: [2, 4], price: [5, 19] },
    steps: [
      ["long", "+", "wide"],
      ["#1", "*", 2],
      ["#2", "-", "gate"],
      ["#3", "*", "price"]
    ]
  },
  {
    story: [
      "{name} is {age} years old.",
      "{other} is three times as old, but {less} years younger than their teacher."
    ],
    aside: { text: "They live at number {aside} of the same street.", number: [2, 99] },
    asks: "How old is the teacher?",
    numbers: { age: [7, 15], less: [4, 21] },
    steps: [
      ["age", "*", 3],
      ["#1", "+", "less"]
    ]
  },
  {
    story: [
      "A shop gets {crates} crates with {each} jars of honey each.",
      "On the way {broken} jars broke. All others are sold for {price} euros each."
    ],
    aside: { text: "The lorry came {aside} minutes late.", number: [5, 55] },
    asks: "How many euros does the shop take for the honey?",
    numbers: { crates: [4, 15], each: [6, 24], broken: [3, 20], price: [3, 9] },
    steps: [
      ["crates", "*", "each"],
      ["#1", "-", "broken"],
      ["#2", "*", "price"]
    ]
  },
  {
    story: [
      "{name} runs {daily} kilometres on each of {days} days a week, and {other} runs {less} kilometres a week less than that.",
      "They keep it up for {weeks} weeks."
    ],
    aside: { text: "{other} has had the same shoes for {aside} months.", number: [2, 18] },
    asks: "How many kilometres does {other} run in that time?",
    numbers: { daily: [4, 14], days: [3, 6], less: [3, 15], weeks: [3, 12] },
    steps: [
      ["daily", "*", "days"],
      ["#1", "-", "less"],
      ["#2", "*", "weeks"]
    ]
  }
]
