/** A line that is redrawn again and again on a terminal, with the time and the usage of the moment. */
import { type Completion, type Spend, UsageMeter } from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Screen } from "../terminal/Screen.ts"
import * as Figures from "./figures.ts"

export interface Moment {
  readonly usage: Completion.Usage
  readonly spend: Spend.Spend
  /** Since the ticker was started. */
  readonly elapsedMs: number
  readonly columns: number
}

const every = "250 millis"

/** Parts of a line as it fits the screen; what is not known is left out. */
export const joined = (parts: ReadonlyArray<string | undefined>, { columns }: Pick<Moment, "columns">): string =>
  `  ${parts.filter((part) => part !== undefined).join(" · ")}`.slice(0, Math.max(0, columns - 1))

/** How long it has taken, and how long the rest will take at this pace. */
export const pace = (done: number, total: number, { elapsedMs }: Pick<Moment, "elapsedMs">): string => {
  const left = done === 0 ? "" : `, about ${Figures.duration((elapsedMs * (total - done)) / done)} left`
  return `${Figures.duration(elapsedMs)}${left}`
}

/** Draws until the scope closes, then clears the line. Does nothing where there is no terminal. */
export const start = Effect.fnUntraced(function* (
  line: (moment: Moment) => Effect.Effect<string>
): Effect.fn.Return<void, never, Screen | Scope.Scope> {
  const screen = yield* Screen
  if (!screen.live) return
  const meter = yield* UsageMeter
  const startedAt = yield* Clock.currentTimeMillis
  const draw = Effect.gen(function* () {
    const elapsedMs = (yield* Clock.currentTimeMillis) - startedAt
    const [usage, spend, columns] = yield* Effect.all([meter.read, meter.spend, screen.columns])
    yield* screen.redraw(yield* line({ usage, spend, elapsedMs, columns }))
  })
  yield* Effect.addFinalizer(() => screen.redraw(""))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(draw, Effect.sleep(every))))
})

/** The line of a command that knows no more than that it is at work. */
export const working = (what: string) =>
  start((moment) =>
    Effect.succeed(
      joined(
        [what, Figures.of(moment.usage.calls, "call"), Figures.money(moment.spend), Figures.duration(moment.elapsedMs)],
        moment
      )
    )
  )
