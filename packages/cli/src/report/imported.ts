/**
 * What is said of a run that was taken from the log of another program: only what that log tells.
 */
import type { Event } from "@backprose/core"
import type { RunRecord } from "../run/RunRecord.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"

const programs: { readonly [from in Event.Imported["from"]]: string } = { textgrad: "TextGrad" }

/** The program that made it. */
export const program = ({ from }: Event.Imported): string => programs[from]

/** In place of the lines on a run of ours. */
export const opening = (
  { settings, task }: RunRecord,
  imported: Event.Imported,
  { folder, style }: { readonly folder: string; readonly style: Style }
): ReadonlyArray<string> => [
  style.bold(`A run of ${program(imported)}, from ${Sanitize.line(task)}`),
  `  plan          ${Figures.of(settings.steps, "step")}, ${settings.optimizer}, ${settings.selector}`,
  `  not in it     scores, ${imported.unknown.join(", ")}`,
  `  run           ${Sanitize.line(folder)}`,
  ""
]

/** Where the log may say less than it seems to. */
export const caveats = ({ error }: RunRecord, { shortened }: Event.Imported): ReadonlyArray<string> => [
  ...shortened.map(
    (name) => `Of what "${Sanitize.line(name)}" was at first, the log has the first and the last words alone.`
  ),
  ...(error === undefined ? ["The log ends here; whether the program went on, it does not say."] : [])
]

/** Calls and time. */
export const cost = ({ elapsedMs, usage }: RunRecord): string =>
  `${Figures.of(usage.calls, "call")} · tokens unknown · ${Figures.duration(elapsedMs)}`
