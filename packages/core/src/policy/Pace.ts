/**
 * How many calls a provider takes at once, learned from its refusals: half as many after each, one more after as many
 * successes as there are places. Plain state without time of its own, for `Concurrency`.
 */
export interface Pace {
  /** Calls at once, now. */
  readonly places: number
  /** Nobody asks before this time, in milliseconds since 1970. */
  readonly until: number
  /** Counts the times that places were taken away; a call belongs to the era that it began in. */
  readonly era: number
  /** Successes since the number of places last changed. */
  readonly successes: number
  /** Refusals in a row, one an era, that did not say when to come back. */
  readonly silent: number
}

/** As many places as may be at most. */
export const full = (most: number): Pace => ({ places: most, until: 0, era: 0, successes: 0, silent: 0 })

/** A call has been answered. */
export const answered = (pace: Pace, most: number): Pace => {
  const successes = pace.successes + 1
  if (pace.places >= most) return pace.silent === 0 ? pace : { ...pace, silent: 0 }
  return successes >= pace.places
    ? { ...pace, places: pace.places + 1, successes: 0, silent: 0 }
    : { ...pace, successes, silent: 0 }
}

// where a provider does not say how long to stay away: half a second, twice as long each time, half a minute at most
const pauseMs = (silent: number): number => Math.min(30_000, 500 * 2 ** silent)

/**
 * A call was refused at `now`. Calls that were under way together are refused together: only the first of them takes
 * places away.
 */
export const refused = (pace: Pace, era: number, now: number, retryAfterMs: number | undefined): Pace => {
  const until = Math.max(pace.until, now + (retryAfterMs ?? (era === pace.era ? pauseMs(pace.silent) : 0)))
  return era === pace.era
    ? {
        places: Math.max(1, Math.floor(pace.places / 2)),
        until,
        era: era + 1,
        successes: 0,
        silent: retryAfterMs === undefined ? pace.silent + 1 : pace.silent
      }
    : { ...pace, until }
}
