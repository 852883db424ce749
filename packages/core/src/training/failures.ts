/** Which failures cost an example, a proposal, a step, or the run. */
import { BackwardError } from "../graph/BackwardError.ts"
import { isTextModelError, type TextModelError } from "../model/TextModelError.ts"
import { ofOneCall, reasonOf } from "../model/together.ts"
import { OptimizerError, ProposalFailed } from "../optimizer/Optimizer.ts"
import * as Example from "../task/Example.ts"

/** Whether it came of running an example, not of what was made of it. */
export const ofExample = (error: unknown): boolean =>
  !(error instanceof BackwardError || error instanceof OptimizerError)

export const outOfBudget = (error: unknown): boolean => {
  const reason = reasonOf(error)
  return isTextModelError(reason) && reason._tag === "BudgetExceeded"
}

/** No other candidate would fare better: the key, the model, the credit, the budget, a provider that stays away. */
export const endsTheRun = (error: unknown): boolean => Example.fatal(error) || Example.mayPass(error)

/** Replies that could not be used, or no proposal this time, cost a step and not the run. */
export const skippable = (error: unknown): error is BackwardError | OptimizerError | TextModelError =>
  reasonOf(error) instanceof ProposalFailed || ofOneCall(error)
