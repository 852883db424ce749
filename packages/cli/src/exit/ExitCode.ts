/**
 * What the command ends with: one table from an error's tag to the number that other programs read.
 */
export const done = 0
/** Something that should never happen: a defect of this program. */
export const defect = 1
/** The command line, the task, its data or the run folder: something for the user to correct. */
export const usage = 2
/** The provider refuses: key, permission, credit, model. */
export const refused = 3
/** The budget is used up; the best so far is saved. */
export const budget = 4
/** The provider, or the weights of the embedded model, cannot be had. */
export const unavailable = 5
export const interrupted = 130

/** Every failure this program knows, by tag. */
export const codes: ReadonlyMap<string, number> = new Map([
  // this package
  ["OptionInvalid", usage],
  ["ModelNameInvalid", usage],
  ["TaskUnreadable", usage],
  ["FileUnreadable", usage],
  ["FileUnwritable", usage],
  ["RunFolderUnusable", usage],
  ["ResumeRefused", usage],
  ["KeyMissing", refused],
  ["BudgetUsedUp", budget],
  ["PriceUnknown", usage],
  ["SomethingMissing", unavailable],
  // core
  ["DatasetError", usage],
  ["EmptyDataset", usage],
  ["ParametersInvalid", usage],
  ["ScoreInvalid", usage],
  ["ContextTooLong", usage],
  ["InvalidRequest", refused],
  ["Unauthorized", refused],
  ["ModelUnknown", refused],
  ["QuotaExhausted", refused],
  ["ContentFiltered", refused],
  ["BudgetExceeded", budget],
  ["RateLimited", unavailable],
  ["ProviderUnavailable", unavailable],
  ["TimedOut", unavailable],
  ["EmptyReply", unavailable],
  ["ReplyCut", unavailable],
  ["ReplyUnreadable", unavailable],
  ["ReplyTooLarge", unavailable],
  ["JournalUnwritable", usage],
  ["JournalMismatch", usage],
  ["JournalUnreadable", usage],
  ["RunLocked", usage],
  ["ProposalFailed", unavailable],
  // an operation of the user's own
  ["PullbackArity", usage],
  ["PullbackFailed", usage],
  // data and programs of ready tasks
  ["SourceUnavailable", usage],
  ["SandboxUnavailable", unavailable],
  // providers
  ["ConfigError", refused],
  ["WeightsUnavailable", unavailable],
  ["EngineUnavailable", unavailable],
  ["EndpointUnavailable", usage]
])

const tagOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : undefined

/** The code of a failure. One that carries the failure behind it (`reason`) has that one's code. */
export const of = (error: unknown): number => {
  const tag = tagOf(error)
  const known = tag === undefined ? undefined : codes.get(tag)
  if (known !== undefined) return known
  if (typeof error === "object" && error !== null && "reason" in error) return of(error.reason)
  return tag === undefined ? defect : usage
}
