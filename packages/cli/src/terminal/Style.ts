/**
 * The few looks that output has. Without colour they are the plain text.
 */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
  /** A word that was added or removed inside a line that is marked as such. */
  readonly added: (text: string) => string
  readonly removed: (text: string) => string
}

const sgr =
  (open: number | string, close: number | string) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${open}m${text}\u001b[${close}m`

const plain = (text: string): string => text

export const coloured: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warn: sgr(33, 39),
  added: sgr("1;32", "22;39"),
  removed: sgr("1;31", "22;39")
}

export const uncoloured: Style = {
  bold: plain,
  dim: plain,
  good: plain,
  bad: plain,
  warn: plain,
  added: plain,
  removed: plain
}

/** What decides about colour: see no-color.org for the first. An empty variable counts as unset. */
export interface Environment {
  readonly NO_COLOR?: string | undefined
  readonly FORCE_COLOR?: string | undefined
  readonly TERM?: string | undefined
}

export const of = (environment: Environment, isTerminal: boolean): Style => {
  if ((environment.NO_COLOR ?? "") !== "") return uncoloured
  const forced = environment.FORCE_COLOR ?? ""
  if (forced !== "") return forced === "0" || forced === "false" ? uncoloured : coloured
  return isTerminal && environment.TERM !== "dumb" ? coloured : uncoloured
}
