/** One arm on the examples of one seed: a line of the file. */
import type { Parameters } from "@backprose/core"

export interface Trial {
  readonly task: string
  readonly seed: number
  readonly arm: string
  /** Model calls of all roles, the test included. */
  readonly calls: number
  readonly seconds: number
  /** Of the test examples, in their order. */
  readonly scores: ReadonlyArray<number | null>
  readonly parameters?: Parameters.Saved
}
