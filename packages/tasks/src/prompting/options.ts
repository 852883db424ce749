/** Questions with lettered options, as BIG-Bench Hard writes them: `(A) …` on a line each, and the answer is `(A)`. */
import * as Schema from "effect/Schema"
import { letter } from "../format/Choice.ts"
import type { Puzzle } from "./Subject.ts"

/** A letter as the reply has it. */
export const Letter = Schema.Literals(["A", "B", "C", "D", "E", "F", "G"])

/** A question with its options below it, and the letter of the right one. */
export const lettered = (question: string, options: ReadonlyArray<string>, right: string): Omit<Puzzle, "id"> => ({
  question: [question, "Options:", ...options.map((option, i) => `(${letter(i)}) ${option}`)].join("\n"),
  answer: `(${letter(options.indexOf(right))})`
})

/** The option of a letter in brackets, with it; the bare letter where the question has no such option. */
const shown = (question: string, bracketed: string): string =>
  question.split("\n").find((line) => line.startsWith(bracketed)) ?? bracketed

/** What is wrong with a choice: the option that was taken, the right one, and why where that is known. */
export const wrongOption = (chosen: typeof Letter.Type, { question, answer, why }: Puzzle): string | undefined =>
  `(${chosen})` === answer
    ? undefined
    : [
        `The answer ${shown(question, `(${chosen})`)} is wrong, it must be ${shown(question, answer)}.`,
        ...(why === undefined ? [] : [why])
      ].join(" ")
