/**
 * Value history: the editor is shown how each parameter evolved, version by version, with the scores and with what was
 * said of each, and is asked to go on from there gradually, with larger changes only where the same feedback keeps
 * coming back. Steadier than plain descent where the last feedback alone would lead back and forth.
 * (Revolve: Optimizing AI Systems by Tracking Response Evolution in Textual Optimization, arXiv 2412.03092.)
 *
 * It is textual gradient descent with momentum over the whole history. The paper shows the history to the critic too;
 * here the critic sees one forward pass, as always.
 */
import * as Layer from "effect/Layer"
import type { OptimizerModel } from "../model/TextModel.ts"
import * as Momentum from "./Momentum.ts"
import type { Optimizer } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

export interface Options extends Omit<TextualGradientDescent.Options, "earlier" | "gradual"> {
  /** How many versions of the history are shown, the latest. Long texts want fewer: each is shown whole. */
  readonly versions: number
}

const defaults = { versions: 12, failed: 3 } satisfies Partial<Options>

/** The layer. It remembers what was said of each version as long as it lives. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer, never, OptimizerModel> => {
  const { versions, ...editor } = { ...defaults, ...options }
  return Momentum.layer({ window: versions }).pipe(
    Layer.provide(TextualGradientDescent.layer({ ...editor, earlier: versions, gradual: true }))
  )
}
