/**
 * The split of GSM8K that DSPy made and TextGrad took over: the published training file shuffled and cut into 200 rows to
 * train and 300 to validate, the published test file shuffled and taken whole.
 */
import type { Dataset } from "@backprose/core"
import * as PythonRandom from "./PythonRandom.ts"

/** From the rows of both published files, in their published order. */
export const split = <A>(published: {
  readonly train: ReadonlyArray<A>
  readonly test: ReadonlyArray<A>
}): Dataset.Split<A> => {
  const learn = PythonRandom.shuffle(PythonRandom.make(0), published.train)
  return {
    train: learn.slice(0, 200),
    validation: learn.slice(200, 500),
    test: PythonRandom.shuffle(PythonRandom.make(0), published.test)
  }
}
