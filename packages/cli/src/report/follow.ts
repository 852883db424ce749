/**
 * Progress on the screen: a line that is redrawn on a terminal, and lines that stay anywhere.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type * as Scope from "effect/Scope"
import type { Notice } from "../optimize/Notice.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import { Screen } from "../terminal/Screen.ts"
import * as Opening from "./opening.ts"
import * as Progress from "./Progress.ts"
import * as Lines from "./progressLines.ts"
import * as ticker from "./ticker.ts"

/** What is said before the models are loaded; the live line says that they are. `more`: lines that belong to it. */
export const opening = Effect.fnUntraced(function* (
  record: RunRecord,
  folder: string,
  more: ReadonlyArray<string> = []
) {
  const screen = yield* Screen
  const lines = Opening.lines(record, folder, screen.errStyle)
  // an empty line ends them
  for (const line of [...lines.slice(0, -1), ...more, ""]) yield* screen.err(line)
  yield* screen.redraw("  loading the model")
})

/** Starts to follow a run; what it gives is told each notice. The live line goes when the scope closes. */
export const start = Effect.fnUntraced(function* (
  record: RunRecord
): Effect.fn.Return<(notice: Notice) => Effect.Effect<void>, never, Screen | Scope.Scope> {
  const screen = yield* Screen
  const progress = yield* Ref.make(Progress.initial(record))
  yield* ticker.start((moment) => Effect.map(Ref.get(progress), (known) => Lines.live(known, moment)))
  return Effect.fnUntraced(function* (notice: Notice) {
    const before = yield* Ref.getAndUpdate(progress, (known) => Progress.next(known, notice))
    const line = Lines.lasting(before, notice, screen.errStyle)
    if (line !== undefined) yield* screen.err(line)
  })
})
