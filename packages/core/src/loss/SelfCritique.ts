/**
 * Losses for improving an answer at test time, where no right answer is known: the model doubts what it said.
 * (TextGrad, arXiv 2406.07496, section 3.2: solution optimisation.)
 */
import type * as Effect from "effect/Effect"
import type { Image } from "../graph/Image.ts"
import type * as Variable from "../graph/Variable.ts"
import type { BackwardModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import { fields } from "./Loss.ts"

type Critique<R> = Effect.Effect<Variable.Variable<string, R>, TextModelError, BackwardModel>

const doubt = `Look for mistakes in the answer to this question as a sceptical examiner would.
Check each step of the reasoning, the assumptions, the arithmetic and the reading of the question. Name the step that is doubtful and why.
Do not solve the question yourself and do not state another final answer. If you find no mistake, say what was checked and that it holds.`

/** Self-critique of an answer to a question, of multiple choice or free. */
export const question = <R>(
  asked: Variable.Variable<string, R>,
  answer: Variable.Variable<unknown, R>,
  instruction = doubt
): Critique<R> => fields(instruction, { question: asked, answer })

/** Self-critique of an answer to a question about an image. */
export const imageQuestion = <R>(
  asked: Variable.Variable<string, R>,
  image: Variable.Variable<Image, R>,
  answer: Variable.Variable<unknown, R>,
  instruction = doubt
): Critique<R> => fields(instruction, { question: asked, image, answer })
