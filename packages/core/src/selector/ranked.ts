/** A pool from its highest down; of equals, the earlier first. */
import type { Candidate } from "../candidate/Candidate.ts"
import type { Weights } from "../candidate/Objectives.ts"
import { standings } from "../candidate/standings.ts"
import type { Pool } from "./Selector.ts"

export const ranked = (pool: Pool, objectives?: Weights): readonly [Candidate, ...ReadonlyArray<Candidate>] => {
  const heights = standings(pool, objectives)
  const order = pool.map((_, place) => place).sort((a, b) => heights[b]! - heights[a]! || a - b)
  return order.map((place) => pool[place]!) as ReadonlyArray<Candidate> as Pool
}
