/** One run, step by step. `Trainer.fit` makes a stream of it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Candidate } from "../candidate/Candidate.ts"
import { mean, tooFew } from "../candidate/Candidate.ts"
import { isScoreAlone, lengthOf, scoreOnly } from "../candidate/Objectives.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Racing from "../evaluation/Racing.ts"
import * as Tally from "../evaluation/Tally.ts"
import { Journal } from "../journal/Journal.ts"
import { within } from "../model/Place.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameters from "../parameter/Parameters.ts"
import { type Pool, Selector } from "../selector/Selector.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import type { StopReason } from "./Event.ts"
import { outOfBudget } from "./failures.ts"
import type { Options } from "./Options.ts"
import { type Emit, type Failure, isMeasured, keyOf, type State, withTried } from "./State.ts"
import { isLeftBehind, makeStep } from "./step.ts"

/** @internal */
export const train = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  options: Options,
  emit: Emit
): Effect.fn.Return<void, Failure<E>, R | RB | Optimizer | Selector> {
  const selector = yield* Selector
  const optimizer = yield* Optimizer
  const journal = yield* Journal
  if (task.train.length === 0) {
    return yield* new Evaluation.EmptyDataset({ message: `task "${task.name}" has no training examples` })
  }
  if (selector.evaluates && task.validation.length === 0) {
    const message = `task "${task.name}" has no validation examples, but its selector decides by them: give some, or use Latest`
    return yield* new Evaluation.EmptyDataset({ message })
  }

  const evaluated = Effect.fnUntraced(function* (unscored: Candidate, parameters: P, emit: Emit, pool?: Pool) {
    if (!selector.evaluates) return Result.succeed(unscored)
    const { id, step } = unscored
    const tally = yield* Tally.make
    const length = lengthOf(unscored.values)
    const examples = task.validation.length * options.repeat.times
    const measured = Effect.map(Effect.all([tally.tokens, tally.microUsd]), ([tokens, microUsd]): Candidate => {
      const known = tokens === undefined ? {} : { tokens: tokens / examples }
      const paid = microUsd === undefined ? {} : { cost: microUsd / examples }
      return { ...unscored, objectives: { length, ...known, ...paid } }
    })
    const { lost: why, outcomes } = yield* Evaluation.measured(
      task,
      parameters,
      task.validation,
      {
        concurrency: options.concurrency,
        onFailure: options.onFailure,
        repeat: options.repeat,
        onResult: (result) => emit({ _tag: "ExampleEvaluated", step, candidate: id, split: "validation", result })
      },
      options.race === undefined || pool === undefined ? undefined : raceOf(options.race, selector, pool, measured)
    ).pipe(tally.count, within(`candidate ${id}`), Effect.withSpan("Evaluation.run"))
    if (why !== undefined) return Result.fail(why)
    const report = yield* Evaluation.reportOf(outcomes)
    const candidate = yield* measured
    const summary = Evaluation.summary(report)
    yield* emit({ _tag: "Evaluated", step, candidate: id, split: "validation", summary })
    const lost = report.unanswered
    // nothing could ever be compared with a seed that is hardly known
    const unanswered = outcomes.find((outcome) => Example.mayPass(outcome?.error))?.error
    if (id === 0 && unanswered !== undefined && tooFew(report.results.length - lost.length, report.results.length)) {
      return yield* Effect.fail(unanswered)
    }
    const scores = Evaluation.scores(report)
    return Result.succeed<Candidate>({ ...candidate, scores, ...(lost.length === 0 ? {} : { unanswered: lost }) })
  })

  const target = options.target ?? (isScoreAlone(selector.objectives ?? scoreOnly) ? 1 : Number.POSITIVE_INFINITY)
  const takeStep = makeStep({ task, options, selector, optimizer, evaluated })

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
    const seed = Result.getOrElse(yield* within("step 0")(evaluated(best, task.parameters, emit)), () => best)
    yield* journal.mark("step 0")
    const initial = new Map(Parameters.entries(task.parameters).map(({ name, variable }) => [name, variable.value]))
    let state: State<P> = {
      pool: [seed],
      parameters: new Map([[0, task.parameters]]),
      lineage: [seed],
      tried: withTried(new Map(), initial, { score: mean(seed) }),
      judged: new Map(isMeasured(seed) ? [[keyOf(seed.values), 0]] : []),
      next: 1,
      idle: 0
    }
    while (true) {
      if (reaches(target, selector.best(state.pool))) return yield* finish("target")
      if (step >= options.steps) return yield* finish("steps")
      if (state.idle >= options.patience) return yield* finish("patience")
      step += 1
      yield* takeStep(state, step, emit).pipe(
        Effect.catch((error) =>
          isLeftBehind(error, options)
            ? Effect.as(emit({ _tag: "StepSkipped", step, reason: Example.messageOf(error) }), {
                ...state,
                idle: state.idle + 1
              })
            : Effect.fail(error)
        ),
        within(`step ${step}`),
        // nothing is handed out of the span: a tracer sees how an effect ends, and values may hold anything
        Effect.map((next) => {
          state = next
        }),
        Effect.withSpan("Trainer.step", { attributes: { step } })
      )
      best = selector.best(state.pool)
      yield* journal.mark(`step ${step}`)
      yield* emit({ _tag: "Checkpointed", step, candidate: best.id, parameters: best.values })
    }
  }).pipe(Effect.catch((error: Failure<E>) => (outOfBudget(error) ? finish("budget") : Effect.fail(error))))
})

/** Against what is kept: lost is who could not be, and who is hopelessly behind what it came from. */
const raceOf = (
  race: Racing.Options,
  selector: Selector["Service"],
  pool: Pool,
  measured: Effect.Effect<Candidate>
): Evaluation.Race => ({
  rounds: race.rounds,
  lost: Effect.fnUntraced(function* (outcomes) {
    const candidate = yield* measured
    const hope = Racing.atBest(candidate, outcomes)
    const may = selector.mayAdmit ?? ((pool, one) => Effect.map(selector.admit(pool, one), ({ accepted }) => accepted))
    // what the rest will cost nobody knows, nor whether it will be known at all
    const { cost = 0, length, tokens = 0 } = candidate.objectives ?? {}
    const ofLength = length === undefined ? {} : { length }
    const possible =
      (yield* may(pool, { ...hope, objectives: { ...ofLength, tokens, cost } })) ||
      (yield* may(pool, { ...hope, objectives: ofLength }))
    if (!possible) return "even with all others right it would not be kept"
    const parent = pool.find(({ id }) => id === candidate.parent)
    return parent === undefined ? undefined : yield* Racing.hopeless(parent, outcomes, race)
  })
})

/** What ran for it reaches the target, and is enough of the set to say so. */
const reaches = (target: number, candidate: Candidate): boolean => {
  const { scores = [] } = candidate
  return (mean(candidate) ?? 0) >= target && !tooFew(scores.filter((score) => score !== null).length, scores.length)
}
