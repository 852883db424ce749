/** Keys as people have them: of many lengths and alphabets, plain passwords included. */
import * as Dice from "../cache/Dice.ts"

const lower = "abcdefghijklmnopqrstuvwxyz"
const digits = "0123456789"
const letters = lower + lower.toUpperCase()
const word = letters + digits

const made = (dice: Dice.Dice, alphabet: string, from: number, to: number): string =>
  Array.from({ length: from + dice.below(to - from + 1) }, () => dice.pick([...alphabet])).join("")

const shapes: ReadonlyArray<(dice: Dice.Dice) => string> = [
  (dice) => `sk-${made(dice, word, 32, 48)}`,
  (dice) => `sk-proj-${made(dice, `${word}_-`, 40, 120)}`,
  (dice) => made(dice, `${digits}abcdef`, 32, 64),
  (dice) => `${made(dice, `${word}+/`, 42, 86)}==`,
  (dice) => [8, 4, 4, 4, 12].map((length) => made(dice, `${digits}abcdef`, length, length)).join("-"),
  (dice) => ["eyJ", "eyJ", ""].map((start) => `${start}${made(dice, `${word}_-`, 20, 60)}`).join("."),
  (dice) => `AKIA${made(dice, letters.toUpperCase() + digits, 16, 16)}`,
  (dice) => `ghp_${made(dice, word, 36, 36)}`,
  // what people type
  (dice) => made(dice, word, 8, 15),
  (dice) => made(dice, `${word}!#$%&()*+,-./:;<=>?@[]^_{|}~`, 9, 30),
  (dice) => `${made(dice, word, 4, 8)} ${made(dice, word, 4, 8)} ${made(dice, word, 4, 8)}`,
  (dice) => `${made(dice, word, 5, 9)}"${made(dice, word, 5, 9)}\\${made(dice, word, 2, 5)}`,
  (dice) => `${made(dice, word, 6, 9)}äöü€${made(dice, word, 4, 9)}`
]

/** So many keys, no two alike. */
export const keys = (seed: number, count: number): ReadonlyArray<string> => {
  const dice = Dice.make(seed)
  return Array.from({ length: count }, (_, i) => shapes[i % shapes.length]!(dice))
}

/** Whether it can be sent as a bearer token. */
export const isSendable = (key: string): boolean => /^[\x21-\x7e]+$/.test(key)
