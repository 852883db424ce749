/**
 * What happens in a run, as a stream of plain data: the command line, the run folder and the viewer all read this.
 */
import * as Schema from "effect/Schema"
import { Summary } from "../evaluation/Evaluation.ts"
import { Criticism } from "../graph/Feedback.ts"
import { Usage } from "../model/Completion.ts"
import { isRetryable, TextModelError } from "../model/TextModelError.ts"
import { Spend } from "../policy/Spend.ts"
import { Result } from "../task/Example.ts"

const base = {
  run: Schema.String,
  step: Schema.Int,
  /** Milliseconds since 1970. */
  at: Schema.Finite,
  /** What the run has used so far, over all model roles. */
  usage: Usage,
  /** What it has spent at its providers; absent from runs of earlier versions. */
  spend: Schema.optionalKey(Spend)
}

const Values = Schema.Record(Schema.String, Schema.Json)

/**
 * Of a run that was taken from the log of another program: which, and what that log does not tell. What stands in an event
 * in the place of what is unknown means nothing, and is not to be shown: 0, the least that is allowed, or an empty text.
 * Version 1 must have it there, which is why this is a key beside it; runs of our own have none.
 */
export const Imported = Schema.Struct({
  from: Schema.Literals(["textgrad"]),
  unknown: Schema.Array(Schema.Literals(["tokens", "examples", "seed", "models"])),
  /** Parameters of whose initial value the log has the first and the last words alone. */
  shortened: Schema.Array(Schema.String)
})
export type Imported = typeof Imported.Type

export { Summary }

/** The first event of every run: its settings, the sizes of its sets, and the parameters it begins with. */
export const RunStarted = Schema.TaggedStruct("RunStarted", {
  ...base,
  version: Schema.Literal(1),
  task: Schema.String,
  seed: Schema.Int,
  steps: Schema.Int,
  batchSize: Schema.Int,
  sizes: Schema.Struct({ train: Schema.Int, validation: Schema.Int, test: Schema.Int }),
  parameters: Values,
  /** Absent from runs of our own. */
  imported: Schema.optionalKey(Imported)
})

/** A step begins: which candidate is extended, on which examples. */
export const StepStarted = Schema.TaggedStruct("StepStarted", {
  ...base,
  /** The candidate that is extended. */
  candidate: Schema.Int,
  /** The minibatch, as places in the training set. */
  examples: Schema.Array(Schema.Int)
})

/** One example was run, for a step (`train`) or for the gate (`validation`). */
export const ExampleEvaluated = Schema.TaggedStruct("ExampleEvaluated", {
  ...base,
  candidate: Schema.Int,
  split: Schema.Literals(["train", "validation"]),
  result: Result
})

/** A candidate was measured on a whole set. */
export const Evaluated = Schema.TaggedStruct("Evaluated", {
  ...base,
  candidate: Schema.Int,
  split: Schema.Literals(["train", "validation"]),
  summary: Summary
})

/** What the backward pass said about one parameter. */
export const FeedbackGiven = Schema.TaggedStruct("FeedbackGiven", {
  ...base,
  candidate: Schema.Int,
  parameter: Schema.String,
  feedback: Schema.Array(Criticism)
})

/** The optimizer proposed new values; whether they are kept is said next. */
export const Proposed = Schema.TaggedStruct("Proposed", {
  ...base,
  candidate: Schema.Int,
  parent: Schema.Int,
  mergedWith: Schema.optionalKey(Schema.Int),
  changes: Schema.Array(
    Schema.Struct({ parameter: Schema.String, before: Schema.Json, after: Schema.Json, reason: Schema.String })
  ),
  /** What a check found that does not drop it: a text that stands in one training example. */
  warning: Schema.optionalKey(Schema.String)
})

const judged = { ...base, candidate: Schema.Int, parent: Schema.Int, reason: Schema.String }
/** The selector kept the proposal. `reason`: why, in words for people. */
export const Accepted = Schema.TaggedStruct("Accepted", judged)
/** The selector dropped the proposal. `reason`: why, in words for people. */
export const Rejected = Schema.TaggedStruct("Rejected", judged)

/** A proposal was dropped before anything was paid for it, or could not be made; others of the step go on. */
export const ProposalDropped = Schema.TaggedStruct("ProposalDropped", {
  ...base,
  parent: Schema.Int,
  reason: Schema.String
})

/** The step made no candidate: nothing to improve on this minibatch, or no usable proposal. */
export const StepSkipped = Schema.TaggedStruct("StepSkipped", { ...base, reason: Schema.String })

/** The best so far: what a run that ends here would hand out. */
export const Checkpointed = Schema.TaggedStruct("Checkpointed", {
  ...base,
  candidate: Schema.Int,
  parameters: Values
})

/** Why a run ended. `log`: the log it was taken from ends there; whether more was meant to come, nobody knows. */
export const StopReason = Schema.Literals(["steps", "target", "patience", "budget", "log"])
export type StopReason = typeof StopReason.Type

/** The last event of every run that did not fail: why it ended, and the parameters it hands out. */
export const RunFinished = Schema.TaggedStruct("RunFinished", {
  ...base,
  stopped: StopReason,
  /** The candidate handed out; 0 is the seed: nothing better was found. */
  candidate: Schema.Int,
  parameters: Values
})

/** Anything that happens in a run. `Schema.decodeUnknownEffect(Event)` reads one back from JSON. */
export const Event = Schema.Union([
  RunStarted,
  StepStarted,
  ExampleEvaluated,
  Evaluated,
  FeedbackGiven,
  Proposed,
  Accepted,
  Rejected,
  ProposalDropped,
  StepSkipped,
  Checkpointed,
  RunFinished
])
export type Event = typeof Event.Type

/**
 * The scores that decided about a candidate, out of a run's events, in the order of the validation set. As in every
 * comparison, a failure counts as wrong; what got no answer from the provider is not known.
 */
export const validated = (events: Iterable<Event>, candidate: number): ReadonlyArray<number | null> => {
  const scores: Array<number | null> = []
  for (const event of events) {
    if (event._tag !== "ExampleEvaluated" || event.split !== "validation" || event.candidate !== candidate) continue
    const { result } = event
    scores[result.index] = result._tag === "Scored" ? result.score : unanswered.has(result.error) ? null : 0
  }
  return Array.from(scores, (score) => score ?? null)
}

const unanswered: ReadonlySet<string> = new Set(
  TextModelError.members.map(({ fields }) => fields._tag.schema.literal).filter((_tag) => isRetryable({ _tag }))
)
