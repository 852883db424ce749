/** A way to solve programming problems, as the comparison of methods takes it. */
import type { BackwardError, ModelRoles, OptimizerError, TextModelError, Verdict } from "@backprose/core"
import type { CodeRunner, SandboxUnavailable } from "@backprose/sandbox"
import type { Problem } from "../format/Problem.ts"
import type { Method as StudyMethod } from "../study/Study.ts"

/** Why a problem could not be tried: a model, a jail, or a reply that no gradient or update could be read from. */
export type Failure =
  | TextModelError.TextModelError
  | SandboxUnavailable
  | BackwardError.BackwardError
  | OptimizerError
  | Verdict.ScoreInvalid

/** Its answers are whole programs for the harness. */
export type Method = StudyMethod<Problem, Failure, ModelRoles | CodeRunner>

/** The call behind a failed update, whose reply could not be used: the comparison knows what becomes of those. */
export const reasonOf = (failure: Failure): Failure =>
  failure._tag === "OptimizerError" && failure.reason._tag !== "ProposalFailed" ? failure.reason : failure
