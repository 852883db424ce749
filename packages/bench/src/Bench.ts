/**
 * Something to measure: a name to ask for it by, and a program that gives figures.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Figure } from "./Figure.ts"

/** `tiny` proves that a bench runs; its figures say nothing. */
export type Size = "full" | "tiny"

export interface Bench {
  readonly name: string
  readonly run: (size: Size) => Effect.Effect<ReadonlyArray<Figure>, unknown, Scope.Scope>
}
