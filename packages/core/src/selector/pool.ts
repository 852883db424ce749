/** A pool of several candidates: who is let in, who has to go, and who is handed out. */
import * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import { costly, type Weights } from "../candidate/Objectives.ts"
import { first, last, standings } from "../candidate/standings.ts"
import * as Acceptance from "./Acceptance.ts"
import type { Admission, Pool, Service } from "./Selector.ts"

export interface Options extends Omit<Acceptance.Options, "accept"> {
  /**
   * What is let in, compared with the candidate it came from, or with the best where that is gone. `any`: whatever was
   * answered, as long as there is room.
   */
  readonly accept: Acceptance.Accept | "any"
  /** Candidates that are kept at most. Beyond that, the lowest goes, and never the best. */
  readonly size: number
}

export const defaults: Options = { ...Acceptance.defaults, size: 50 }

/** The highest on the validation set; of equals the earlier, which needed less luck to get there. */
export const best = (pool: Pool, objectives?: Weights): Candidate => pool[first(standings(pool, objectives))]!

/** Admission to a bounded pool, and the best of it. */
export const bounded = (options: Options): Pick<Service, "admit" | "costs" | "mayAdmit" | "best"> => {
  const admit = ({ accept, alpha, objectives, size }: Options) =>
    Effect.fnUntraced(function* (pool: Pool, proposed: Candidate): Effect.fn.Return<Admission> {
      const refused = (reason: string) => ({ accepted: false, reason, pool })
      const before = pool.find(({ id }) => id === proposed.parent) ?? best(pool, objectives)
      const problem = Acceptance.unknown(proposed)
      if (problem !== undefined) return refused(problem)
      const rule = { accept: accept === "any" ? "notWorse" : accept, alpha, objectives } as const
      const { accepted, reason } = yield* Acceptance.judge(before, proposed, rule)
      if (accept !== "any" && !accepted) return refused(reason)
      const all: Pool = [...pool, proposed]
      if (all.length <= Math.max(1, size)) return { accepted: true, reason, pool: all }
      const heights = standings(all, objectives)
      const gone = all[last(heights, first(heights))]!
      if (gone === proposed) return refused(`${reason}; no better than any of the ${pool.length} that are kept`)
      const kept = all.filter((one) => one !== gone) as ReadonlyArray<Candidate> as Pool
      return { accepted: true, reason: `${reason}; candidate ${gone.id} had to go`, pool: kept }
    })
  const { accept } = options
  const lenient = accept === "any" ? options : { ...options, ...Acceptance.lenient({ ...options, accept }) }
  const may = admit(lenient)
  return {
    costs: costly(options.objectives),
    admit: admit(options),
    mayAdmit: (pool, atBest) => Effect.map(may(pool, atBest), ({ accepted }) => accepted),
    best: (pool) => best(pool, options.objectives)
  }
}
