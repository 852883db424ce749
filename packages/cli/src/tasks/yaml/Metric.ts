/** The metrics that a YAML file can name: is the model's reply the right answer? */
import type { TaskFile } from "./TaskFile.ts"

export type Metric = (output: string, target: string) => boolean

const numberPattern = /[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?/g

/** The last number in a text. */
export const lastNumber = (text: string): number | undefined => {
  const last = text.match(numberPattern)?.at(-1)
  return last === undefined ? undefined : Number(last.replaceAll(",", ""))
}

const folded = (text: string): string => text.trim().replace(/\s+/g, " ").toLowerCase()

export const all: { readonly [name in TaskFile["metric"]]: Metric } = {
  exact: (output, target) => output.trim() === target.trim(),
  contains: (output, target) => folded(output).includes(folded(target)),
  number: (output, target) => {
    const [got, wanted] = [lastNumber(output), lastNumber(target)]
    return got !== undefined && wanted !== undefined && Math.abs(got - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted))
  }
}
