/** A task without code, as a YAML file with its rows, for folders that a stranger may have made. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"

const things = ["apples", "bolts", "cups", "drums", "edges", "forks", "gates", "hinges"]

const rows = (copies: number): string =>
  Array.from({ length: copies }, () => things)
    .flat()
    .map((thing) => `${JSON.stringify({ thing, answer: `code${thing.length}` })}\n`)
    .join("")

export const yaml = `name: codes
parameters:
  instructions: { text: Give the code., role: instructions }
prompt: "The code of: these {thing} 1?"
target: answer
metric: exact
feedback: "The right answer: FACT {thing} is {target}"
data: { train: train.jsonl, validation: train.jsonl, test: test.jsonl }
steps: 2
batch: 4
`

/** Writes it into a folder, and tells its file. */
export const write = (folder: string): string => {
  writeFileSync(join(folder, "task.yaml"), yaml)
  writeFileSync(join(folder, "train.jsonl"), rows(1))
  writeFileSync(join(folder, "test.jsonl"), rows(1))
  return "task.yaml"
}
