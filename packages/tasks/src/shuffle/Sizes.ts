/** How many examples each set of a task has. */
export interface Sizes {
  readonly train: number
  readonly validation: number
  readonly test: number
}
