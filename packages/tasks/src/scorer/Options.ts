/** Choices that stand in the question itself, as BIG-Bench Hard lists them: `(A) 12/25/1937` on a line each. */
import { strip } from "./Edges.ts"

const listed = /^\(([A-Z])\)\s*(.*)$/gmu

/** Their texts, from "(A)" on; empty where the question lists none, or not in the order of the alphabet. */
export const of = (question: string): ReadonlyArray<string> => {
  const found = [...question.matchAll(listed)]
  const inOrder = found.every(([, letter], i) => letter === String.fromCharCode(65 + i))
  return inOrder ? found.map(([, , text]) => text?.trim() ?? "") : []
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

const numeric = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const iso = /^(\d{4})-(\d{2})-(\d{2})$/
const worded = /^([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/

/** A date as month/day/year without zeros in front, however it is written; anything else as it is. */
const dated = (text: string): string => {
  const date = (month: number, day: string | undefined, year: string | undefined) => `${month}/${Number(day)}/${year}`
  const [, month, day, year] = numeric.exec(text) ?? []
  if (month !== undefined) return date(Number(month), day, year)
  const [, isoYear, isoMonth, isoDay] = iso.exec(text) ?? []
  if (isoMonth !== undefined) return date(Number(isoMonth), isoDay, isoYear)
  const [, name = "", wordedDay, wordedYear] = worded.exec(text) ?? []
  return months.includes(name) ? date(months.indexOf(name) + 1, wordedDay, wordedYear) : text
}

const normal = (text: string) => dated(strip(text.toLowerCase().replaceAll(/\s+/g, " "), /["'“”. ]/u))

/** Whether a text begins with a choice: with all of it, and not with the beginning of a longer word. */
export const begins = (text: string, choice: string): boolean => {
  const [said, wanted] = [normal(text), normal(choice)]
  return wanted !== "" && said.startsWith(wanted) && !/^[\p{L}\p{N}]/u.test(said.slice(wanted.length))
}

/** Which choice a text is, letter aside; none where it is none of them, or the text of more than one. */
export const indexOf = (choices: ReadonlyArray<string>, text: string): number | undefined => {
  const wanted = normal(text)
  const places = choices.flatMap((choice, i) => (normal(choice) === wanted ? [i] : []))
  return wanted !== "" && places.length === 1 ? places[0] : undefined
}
