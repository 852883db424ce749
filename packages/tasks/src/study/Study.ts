/**
 * Solution optimisation: ways to answer a question at test time, compared on the same questions. There are no parameters to
 * train; what a method finds is the answer itself. (TextGrad, arXiv 2406.07496, section 3.2.)
 */
import type { Verdict } from "@backprose/core"
import type * as Effect from "effect/Effect"

/**
 * What a method would answer after so many model calls. One trajectory has several: "zero-shot", "after update 1", …, "vote
 * of all".
 */
export interface Reading {
  readonly name: string
  readonly answer: string
  /** Model calls of all roles that it took, from the start of the trajectory. */
  readonly calls: number
  /** What a reader of the results should know of it: why the trajectory ended early, where a reply could not be used. */
  readonly note?: string
}

/** A way to answer. */
export interface Method<Example, E, R> {
  readonly name: string
  /** One line. */
  readonly about: string
  /**
   * The readings on one example, always under the same names and in the same order. A trajectory that ended early, because
   * nothing was left to improve, repeats its last answer.
   */
  readonly run: (example: Example) => Effect.Effect<ReadonlyArray<Reading>, E, R>
}

/** Examples, methods, and who grades. */
export interface Study<Example, E, R> {
  readonly name: string
  readonly examples: ReadonlyArray<Example>
  readonly methods: ReadonlyArray<Method<Example, E, R>>
  /** No method sees it. */
  readonly grade: (answer: string, example: Example) => Effect.Effect<Verdict.Verdict, E, R>
}
