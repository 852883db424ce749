/** One run, step by step. `Trainer.fit` makes a stream of it. */
import * as Effect from "effect/Effect"
import * as Backward from "../autograd/Backward.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Batch from "../evaluation/Batch.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import { BackwardError } from "../graph/BackwardError.ts"
import { Journal } from "../journal/Journal.ts"
import type { ScoreInvalid } from "../loss/Verdict.ts"
import { within } from "../model/Place.ts"
import {
  isFatal,
  isRetryable,
  isTextModelError,
  type JournalMismatch,
  type JournalUnwritable,
  type TextModelError
} from "../model/TextModelError.ts"
import { ofOneCall, reasonOf } from "../model/together.ts"
import { type Earlier, Optimizer, OptimizerError, ProposalFailed } from "../optimizer/Optimizer.ts"
import * as Parameters from "../parameter/Parameters.ts"
import type { Candidate } from "../selector/Candidate.ts"
import { mean, tooFew } from "../selector/Candidate.ts"
import { type Pool, Selector } from "../selector/Selector.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import type { Event, StopReason } from "./Event.ts"
import * as Minibatches from "./Minibatches.ts"
import type { Options } from "./Options.ts"

/** An event without what every event has. */
type Plain<E> = E extends Event ? Omit<E, "run" | "at" | "usage" | "spend"> : never
type Emit = (event: Plain<Event>) => Effect.Effect<void>

type Failure<E> =
  | E
  | ScoreInvalid
  | Evaluation.EmptyDataset
  | BackwardError
  | OptimizerError
  | JournalUnwritable
  | JournalMismatch

/** What a run knows between two steps. */
interface State<P> {
  readonly pool: Pool
  readonly parameters: ReadonlyMap<number, P>
  /** Every version tried, by parameter, oldest first. */
  readonly tried: ReadonlyMap<string, ReadonlyArray<Earlier>>
  readonly next: number
  readonly idle: number
}

/** @internal */
export const train = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  options: Options,
  emit: Emit
): Effect.fn.Return<void, Failure<E>, R | RB | Optimizer | Selector> {
  const selector = yield* Selector
  const journal = yield* Journal
  if (task.train.length === 0) {
    return yield* new Evaluation.EmptyDataset({ message: `task "${task.name}" has no training examples` })
  }
  if (selector.evaluates && task.validation.length === 0) {
    const message = `task "${task.name}" has no validation examples, but its selector decides by them: give some, or use Latest`
    return yield* new Evaluation.EmptyDataset({ message })
  }

  const evaluated = Effect.fnUntraced(function* (candidate: Candidate, parameters: P) {
    if (!selector.evaluates) return candidate
    const { id, step } = candidate
    const { report, unanswered } = yield* Evaluation.measured(task, parameters, task.validation, {
      concurrency: options.concurrency,
      onFailure: options.onFailure,
      onResult: (result) => emit({ _tag: "ExampleEvaluated", step, candidate: id, split: "validation", result })
    }).pipe(within(`candidate ${id}`))
    const summary = Evaluation.summary(report)
    yield* emit({ _tag: "Evaluated", step, candidate: id, split: "validation", summary })
    const lost = report.unanswered
    // nothing could ever be compared with a seed that is hardly known
    if (id === 0 && unanswered !== undefined && tooFew(report.results.length - lost.length, report.results.length)) {
      return yield* Effect.fail(unanswered)
    }
    return { ...candidate, scores: Evaluation.scores(report), ...(lost.length === 0 ? {} : { unanswered: lost }) }
  })

  const takeStep = Effect.fnUntraced(function* (state: State<P>, step: number) {
    const parent = yield* selector.select(state.pool)
    const parameters = state.parameters.get(parent.id)!
    const examples = yield* Minibatches.at({ ...options, size: task.train.length, step })
    yield* emit({ _tag: "StepStarted", step, candidate: parent.id, examples })

    const losses = yield* forward(task, parameters, examples, options, (result) =>
      emit({ _tag: "ExampleEvaluated", step, candidate: parent.id, split: "train", result })
    )
    const gradients = yield* Backward.run(losses)
    for (const { name, variable } of Parameters.entries(parameters)) {
      const feedback = GradientMap.criticism(gradients, variable)
      if (feedback.length > 0) {
        yield* emit({ _tag: "FeedbackGiven", step, candidate: parent.id, parameter: name, feedback })
      }
    }

    const proposal = yield* Optimizer.propose(parameters, gradients, state.tried)
    const changed = Parameters.changes(parameters, proposal.values)
    if (changed.length === 0) {
      const reason =
        proposal.values.size === 0 ? "nothing to improve on this minibatch" : "the proposal changes nothing"
      yield* emit({ _tag: "StepSkipped", step, reason })
      return { ...state, idle: state.idle + 1 }
    }

    const proposed = Parameters.replace(parameters, proposal.values)
    const id = state.next
    yield* emit({
      _tag: "Proposed",
      step,
      candidate: id,
      parent: parent.id,
      changes: changed.map((change) => ({ ...change, reason: proposal.reasons.get(change.parameter) ?? "" }))
    })
    const candidate: Candidate = { id, parent: parent.id, step, values: Parameters.save(proposed) }
    const child = yield* Effect.catch(evaluated(candidate, proposed), (error) =>
      options.onFailure === "fail" || endsTheRun(error)
        ? Effect.fail(error)
        : // it made every reply useless, where its parent's were not: that is for the selector to judge
          Effect.succeed<Candidate>({ ...candidate, scores: task.validation.map(() => null) })
    )
    const admission = yield* selector.admit(state.pool, child)
    yield* emit({
      _tag: admission.accepted ? "Accepted" : "Rejected",
      step,
      candidate: id,
      parent: parent.id,
      reason: admission.reason
    })
    return {
      pool: admission.pool,
      parameters: new Map([...state.parameters, [id, proposed]]),
      tried: withTried(state.tried, proposal.values, mean(child)),
      next: id + 1,
      idle: admission.accepted ? 0 : state.idle + 1
    }
  })

  yield* emit({
    _tag: "RunStarted",
    version: 1,
    step: 0,
    task: task.name,
    seed: options.seed,
    steps: options.steps,
    batchSize: options.batchSize,
    sizes: { train: task.train.length, validation: task.validation.length, test: task.test.length },
    parameters: Parameters.save(task.parameters)
  })

  let best: Candidate = { id: 0, step: 0, values: Parameters.save(task.parameters) }
  let step = 0
  const finish = (stopped: StopReason) =>
    emit({ _tag: "RunFinished", step, stopped, candidate: best.id, parameters: best.values })

  yield* Effect.gen(function* () {
    const seed = yield* within("step 0")(evaluated(best, task.parameters))
    yield* journal.mark("step 0")
    const initial = new Map(Parameters.entries(task.parameters).map(({ name, variable }) => [name, variable.value]))
    let state: State<P> = {
      pool: [seed],
      parameters: new Map([[0, task.parameters]]),
      tried: withTried(new Map(), initial, mean(seed)),
      next: 1,
      idle: 0
    }
    while (true) {
      if (reaches(options.target, selector.best(state.pool))) return yield* finish("target")
      if (step >= options.steps) return yield* finish("steps")
      if (state.idle >= options.patience) return yield* finish("patience")
      step += 1
      state = yield* Effect.catch(
        takeStep(state, step).pipe(within(`step ${step}`), Effect.withSpan("Trainer.step", { attributes: { step } })),
        (error) =>
          skippable(error) && (options.onFailure !== "fail" || !ofExample(error))
            ? Effect.as(emit({ _tag: "StepSkipped", step, reason: error.message }), { ...state, idle: state.idle + 1 })
            : Effect.fail(error)
      )
      best = selector.best(state.pool)
      yield* journal.mark(`step ${step}`)
      yield* emit({ _tag: "Checkpointed", step, candidate: best.id, parameters: best.values })
    }
  }).pipe(Effect.catch((error: Failure<E>) => (outOfBudget(error) ? finish("budget") : Effect.fail(error))))
})

/** What ran for it reaches the target, and is enough of the set to say so. */
const reaches = (target: number, candidate: Candidate): boolean => {
  const { scores = [] } = candidate
  return (mean(candidate) ?? 0) >= target && !tooFew(scores.filter((score) => score !== null).length, scores.length)
}

/** The losses of a minibatch. Failed examples are reported and left out; where all fail, so does the step. */
const forward = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  examples: ReadonlyArray<number>,
  { concurrency, onFailure }: Pick<Options, "concurrency" | "onFailure">,
  onResult: (result: Example.Result) => Effect.Effect<void>
) {
  const outcomes = yield* Batch.run({
    places: examples,
    one: (place) => Example.differentiable(task, parameters, task.train[place]!, place),
    concurrency,
    onFailure,
    onResult
  })
  const losses = outcomes.flatMap(({ loss }) => (loss === undefined ? [] : [loss]))
  const error = outcomes.find((outcome) => outcome.error !== undefined)?.error
  return losses.length === 0 && error !== undefined ? yield* Effect.fail(error) : losses
})

const withTried = (
  tried: ReadonlyMap<string, ReadonlyArray<Earlier>>,
  values: ReadonlyMap<string, unknown>,
  score: number | undefined
): ReadonlyMap<string, ReadonlyArray<Earlier>> =>
  new Map([
    ...tried,
    ...[...values].map(([name, value]) => [name, [...(tried.get(name) ?? []), { value, score, feedback: [] }]] as const)
  ])

/** Whether it came of running an example, not of what was made of it. */
const ofExample = (error: unknown): boolean => !(error instanceof BackwardError || error instanceof OptimizerError)

const outOfBudget = (error: unknown): boolean => {
  const reason = reasonOf(error)
  return isTextModelError(reason) && reason._tag === "BudgetExceeded"
}

/** No other candidate would fare better: the key, the model, the credit, the budget, a provider that stays away. */
const endsTheRun = (error: unknown): boolean => isTextModelError(error) && (isFatal(error) || isRetryable(error))

/** Replies that could not be used, or no proposal this time, cost a step and not the run. */
const skippable = (error: unknown): error is BackwardError | OptimizerError | TextModelError =>
  reasonOf(error) instanceof ProposalFailed || ofOneCall(error)
