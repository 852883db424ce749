/**
 * How the paper optimises prompts, as data (TextGrad, arXiv 2406.07496, section 3.3; `evaluation/prompt_optimization.py`): a
 * weak model answers, a strong one gives feedback and edits, and a prompt that is worse on the validation set is taken back.
 * Which models play the roles is said where they are provided.
 */
import {
  type Optimizer,
  type OptimizerModel,
  type Selector,
  TextualGradientDescent,
  type Trainer,
  ValidationGate
} from "@backprose/core"
import * as Layer from "effect/Layer"
import type { Sizes } from "../shuffle/Sizes.ts"

/** Three examples a step, twelve steps. */
export const training: Pick<Trainer.Options, "batchSize" | "steps"> = { batchSize: 3, steps: 12 }

/** Of the 250 rows that BIG-Bench Hard has of a kind. */
export const bbh: Sizes = { train: 50, validation: 100, test: 100 }

/** Of GSM8K, as DSPy draws it. The paper writes 1,399 test rows; the set has 1,319. */
export const gsm8k: Sizes = { train: 200, validation: 300, test: 1319 }

/** Plain textual gradient descent, and a gate that takes what is not worse: `val < previous_val` is what is taken back. */
export const layer: Layer.Layer<Optimizer | Selector, never, OptimizerModel> = Layer.merge(
  TextualGradientDescent.layer(),
  ValidationGate.layer({ accept: "notWorse" })
)
