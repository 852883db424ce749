/** What a run left in its folder, as the rows compare it: without times, and without its own name. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"

interface Question {
  readonly place: string
  readonly key: string
  readonly occurrence: number
}

export type JournalLine = { readonly _tag: string } & Partial<Question>

const moments: ReadonlyArray<string> = ["run", "at", "usage", "spend"]

const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "")

const whole = (text: string): ReadonlyArray<string> => text.split("\n").slice(0, -1)

/** The end of a run: its parameters, its scores, its whole usage, and all that it told. */
export const end = (dir: string) =>
  Effect.sync(() => {
    const { before, after, best, candidate, initial, sizes, status, stopped, usage } = JSON.parse(
      read(join(dir, "run.json"))
    )
    const told = whole(read(join(dir, "events.jsonl"))).map((line, i, all) => {
      // what was used by then is a matter of time but at the end; what was spent includes what was lost
      const left = i === all.length - 1 ? moments.filter((name) => name !== "usage") : moments
      return JSON.stringify(Object.entries(JSON.parse(line)).filter(([name]) => !left.includes(name)))
    })
    return {
      parameters: read(join(dir, "parameters.json")),
      record: JSON.stringify({ before, after, best, candidate, initial, sizes, status, stopped, usage }),
      told: told.join("\n")
    }
  })

const questionOf = ({ key, occurrence, place }: JournalLine): string => `${key} ${occurrence} ${place}`

/** What the journal says: how many replies it holds, how many requests are without an end, how many went out again. */
export const journal = (file: string) =>
  Effect.sync(() => {
    const records = whole(read(file)).flatMap((line) => (line.startsWith("{") ? [recordOf(line)] : []))
    const replied = new Set<string>()
    let again = 0
    let open = new Set<string>()
    for (const record of records) {
      const question = questionOf(record)
      if (record._tag === "Opened") open = new Set()
      if (record._tag === "Sent") {
        open.add(question)
        if (replied.has(question)) again += 1
      }
      if (record._tag === "Returned" || record._tag === "Replied") open.delete(question)
      if (record._tag === "Replied") replied.add(question)
    }
    return { replies: replied.size, open: open.size, again }
  })

/** A line is a record as JSON, and its checksum. */
const recordOf = (line: string): JournalLine => JSON.parse(line.slice(0, line.lastIndexOf(" ")))
