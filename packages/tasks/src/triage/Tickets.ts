/**
 * Support tickets and the house's own short codes for them, from a seeded generator: written for Backprose, in no other
 * data set.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A support ticket, and the code that the house puts it under. */
export interface Ticket {
  readonly ticket: string
  readonly code: Code
}

/** The codes of the house: bills, shipping, accounts, technical faults, returns, feedback. */
export const codes = ["BIL", "SHP", "ACC", "TEC", "RMA", "FBK"] as const
/** One of the house's codes. */
export type Code = (typeof codes)[number]

const items = [
  "kettle",
  "desk lamp",
  "rucksack",
  "pair of boots",
  "keyboard",
  "blender",
  "rain jacket",
  "coffee grinder"
]
const days = ["on Monday", "last week", "two days ago", "this morning", "at the weekend", "on the 3rd", "yesterday"]
const amounts = ["12 euros", "49.90", "8 pounds", "120 dollars", "35 euros", "19.99"]
const devices = ["my phone", "the tablet", "my laptop", "an older iPad", "the Windows PC", "my work computer"]
const openers = ["Hello,", "Hi there,", "Good morning.", "To whom it may concern:", "Hey,", "Dear team,", ""]
const closers = ["Thanks.", "Please help.", "What now?", "Kind regards", "I am waiting for an answer.", "Cheers!", ""]

/** What people write about, by code. `{…}` is a slot. */
const complaints: Readonly<Record<Code, ReadonlyArray<string>>> = {
  BIL: [
    "I was charged {amount} twice for the same {item}.",
    "The invoice I got {day} shows {amount} more than we agreed.",
    "You took {amount} from my card {day} and I do not know what for.",
    "My discount was not applied, I paid the full {amount} for the {item}.",
    "Please send me a proper receipt for the {item}, my bookkeeper needs it.",
    "I cancelled the subscription {day} but {amount} went off my account again.",
    "The VAT number on the bill for the {item} is wrong."
  ],
  SHP: [
    "The {item} I ordered {day} has still not arrived.",
    "Tracking has said 'in transit' since {day} and nothing moves.",
    "The courier left my {item} with a neighbour nobody knows.",
    "Can you send the {item} to my office instead of my home?",
    "It was promised for {day}, where is my {item}?",
    "The parcel came {day} but the box with the {item} was not in it.",
    "Do you also deliver a {item} to an island?"
  ],
  ACC: [
    "I cannot log in since {day}, it says my password is wrong.",
    "The link to reset my password never comes.",
    "Please change the e-mail address of my profile.",
    "Someone else has been using my login since {day}.",
    "I want you to delete my profile and all data you have on me.",
    "My user name shows my maiden name, how do I change that?",
    "The code for two-step login does not reach {device}."
  ],
  TEC: [
    "The app closes by itself on {device} whenever I open the basket.",
    "Your site shows a blank page on {device} since {day}.",
    "Search gives error 500 when I look for a {item}.",
    "The pay button does nothing on {device}.",
    "Pictures of the {item} do not load on {device}.",
    "Since the update {day} everything is terribly slow on {device}.",
    "The filter for prices jumps back to zero each time on {device}."
  ],
  RMA: [
    "The {item} is too small, I would like to swap it for a larger one.",
    "How do I send the {item} back that I bought {day}?",
    "The {item} does not please me, I want to give it back.",
    "I sent the {item} back {day}, did you receive it?",
    "There was no return label in the box with the {item}.",
    "May I bring the {item} back to a shop instead of posting it?",
    "The {item} I got is blue, I wanted the green one in exchange."
  ],
  FBK: [
    "Just wanted to say that the lady who served me {day} was wonderful.",
    "The {item} is the best I ever had, well done!",
    "You should offer gift wrapping for a {item}.",
    "I think your new shop window is ugly, the old one was nicer.",
    "It would be great if you sold the {item} in red as well.",
    "Your newsletter is funny, keep it up.",
    "Compliments for the careful packing of my {item}."
  ]
}

const fill = Effect.fnUntraced(function* (pattern: string) {
  const slots = { item: items, day: days, amount: amounts, device: devices }
  let text = pattern
  for (const [slot, values] of Object.entries(slots)) {
    text = text.replaceAll(`{${slot}}`, yield* Random.choice(values as [string, ...Array<string>]))
  }
  return text
})

const one = Effect.fnUntraced(function* (code: Code) {
  const complaint = yield* fill(yield* Random.choice(complaints[code] as unknown as [string, ...Array<string>]))
  const opener = yield* Random.choice(openers as [string, ...Array<string>])
  const closer = yield* Random.choice(closers as [string, ...Array<string>])
  return { ticket: [opener, complaint, closer].filter((part) => part !== "").join(" "), code } satisfies Ticket
})

/**
 * `n` distinct tickets (fewer where there are no more: thousands are no problem), the codes in turn so that every set is
 * balanced. The same seed always gives the same tickets.
 */
export const generate = (n: number, seed: number): Effect.Effect<ReadonlyArray<Ticket>> =>
  Effect.gen(function* () {
    const seen = new Set<string>()
    const tickets: Array<Ticket> = []
    // where nearly all have been drawn, what is left is not worth waiting for
    for (let draws = 0; tickets.length < n && draws < 100 * n; draws++) {
      const ticket = yield* one(codes[tickets.length % codes.length]!)
      if (seen.has(ticket.ticket)) continue
      seen.add(ticket.ticket)
      tickets.push(ticket)
    }
    return tickets
  }).pipe(Random.withSeed(`tickets/${seed}`))
