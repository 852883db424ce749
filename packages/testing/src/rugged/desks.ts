/**
 * The messages of the rugged task: a handful of desks, each with one rule that does harm until its exceptions are known.
 */
import * as Hash from "effect/Hash"
import * as Rule from "../student/Rule.ts"

/** A message for a desk, and what must be answered. */
export interface Example {
  readonly desk: Desk
  readonly message: string
  readonly answer: string
  /** The rule that states the answer. */
  readonly rule: Rule.Rule
}

export const names = ["refunds", "orders", "logins", "tariffs"] as const
export type Desk = (typeof names)[number]

/** The answer of whoever knows no rule: right for all exceptions. */
export const usual = "general"

/** What there is to know at a desk. */
interface Knowledge {
  readonly rule: Rule.Rule
  readonly exceptions: ReadonlyArray<Rule.Rule>
  /** What a mislabelled example teaches. Its topic is longer than the rule's, so it is taken for the narrower one. */
  readonly mistaken: Rule.Rule
}

const know = (topic: string, answer: string, exceptions: ReadonlyArray<string>, mistaken: string): Knowledge => ({
  rule: { topic, answer },
  exceptions: exceptions.map((word) => ({ topic: `${topic} ${word}`, answer: usual })),
  mistaken: { topic: mistaken, answer: "Z0" }
})

export const knowledge: { readonly [desk in Desk]: Knowledge } = {
  refunds: know("refund", "R7", ["voucher", "form", "policy"], "wednesday"),
  orders: know("order", "O3", ["history", "number", "catalogue"], "november"),
  logins: know("login", "L5", ["picture", "page", "animation"], "thursday"),
  tariffs: know("tariff", "T1", ["leaflet", "archive", "poster"], "saturday")
}

const openings = ["Hello, I write about a", "Once more about the", "Please look at this", "It is about my"]

const example = (desk: Desk, rule: Rule.Rule, key: string, tail: string): Example => ({
  desk,
  rule,
  answer: rule.answer,
  message: `${openings[(Hash.string(key) >>> 0) % openings.length]} ${rule.topic}, ${tail}.`
})

/** Training: per desk two plain messages, three that only sound like them, and the mislabelled. */
export const training = (seed: number, mislabelled: number): ReadonlyArray<Example> =>
  mixed(
    names.flatMap((desk) => {
      const { exceptions, mistaken, rule } = knowledge[desk]
      const key = (i: number) => `${seed}:train:${desk}:${i}`
      return [
        ...[0, 1].map((i) => example(desk, rule, key(i), `train case ${i}`)),
        ...exceptions.map((one, i) => example(desk, one, key(2 + i), `train case ${2 + i}`)),
        ...Array.from({ length: mislabelled }, (_, i): Example => {
          const plain = example(desk, rule, key(9 + i), `it came on a ${mistaken.topic}, train case ${9 + i}`)
          return { ...plain, answer: mistaken.answer, rule: mistaken }
        })
      ]
    }),
    `${seed}:train`
  )

/** Validation and test: the same without mislabelled ones; one of the two plain messages has the mistaken topic in it. */
export const held = (seed: number, split: string): ReadonlyArray<Example> =>
  mixed(
    names.flatMap((desk) => {
      const { exceptions, mistaken, rule } = knowledge[desk]
      const key = (i: number) => `${seed}:${split}:${desk}:${i}`
      return [
        example(desk, rule, key(0), `${split} case 0`),
        example(desk, rule, key(1), `it came on a ${mistaken.topic}, ${split} case 1`),
        ...exceptions.map((one, i) => example(desk, one, key(2 + i), `${split} case ${2 + i}`))
      ]
    }),
    `${seed}:${split}`
  )

const mixed = (examples: ReadonlyArray<Example>, key: string): ReadonlyArray<Example> =>
  examples
    .map((one) => ({ one, order: Hash.string(`${key}:${one.message}:${one.answer}`) }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one)
