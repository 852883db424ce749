/**
 * Twenty small programming exercises of our own, each in Python and JavaScript: for runs that need no download, and for models
 * that cannot have seen them. The public tests are easy; the hidden ones have the edges that hasty code misses.
 */
import type { Problem } from "../../format/Problem.ts"
import { type Language, problem } from "./Exercise.ts"
import { lists } from "./lists.ts"
import { numbers } from "./numbers.ts"
import { texts } from "./texts.ts"

export type { Language }

/** All exercises in a language, always in the same order. */
export const all = (language: Language): ReadonlyArray<Problem> =>
  [...texts, ...lists, ...numbers].map((exercise) => problem(exercise, language))
