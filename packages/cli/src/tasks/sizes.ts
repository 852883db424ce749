/** How many examples a ready task has, as the command line and a run's record say it. */
import * as Schema from "effect/Schema"

const from0 = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** As in the paper, or so many of each set. */
export const Asked = Schema.Union([
  Schema.Literal("paper"),
  Schema.Struct({ train: from0, validation: from0, test: from0 })
])
export type Asked = typeof Asked.Type

/** How sizes are written. */
export const written = "paper, or TRAIN/VALIDATION/TEST as in 50/100/100"

/** Sizes as they are written; `undefined` where a text is none. */
export const parse = (text: string): Asked | undefined => {
  if (text === "paper") return text
  const [train, validation, test] = (/^(\d{1,9})\/(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).slice(1).map(Number)
  return train === undefined || validation === undefined || test === undefined ? undefined : { train, validation, test }
}
