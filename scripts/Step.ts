/** What a check is: a name, and a function from a repository's folder to what it found there. */
export interface Finding {
  /** Relative to the repository. */
  readonly file: string
  /** Counted from 1. */
  readonly line?: number
  readonly message: string
}

export interface Outcome {
  readonly findings: ReadonlyArray<Finding>
  /** One line for the reader when all is well, such as how much was looked at. */
  readonly note?: string
  /** A table or list that is shown in any case. */
  readonly report?: string
}

export interface Step {
  readonly name: string
  readonly about: string
  /** Runs when no step is named. */
  readonly always: boolean
  /** Starts only after this step, whose files it reads. */
  readonly after?: string
  readonly run: (root: string) => Promise<Outcome>
}

export const show = (finding: Finding): string =>
  `${finding.file}${finding.line === undefined ? "" : `:${finding.line}`} ${finding.message}`
