/**
 * One step: candidates are extended on a minibatch, each by one or more proposals; what passes the gates is admitted, or
 * not, by the selector. Whatever runs at once is told, numbered and judged in one order.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Backward from "../autograd/Backward.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import type { Candidate, Evidence } from "../candidate/Candidate.ts"
import { mean } from "../candidate/Candidate.ts"
import { costly, scoreOnly } from "../candidate/Objectives.ts"
import { within } from "../model/Place.ts"
import { answers } from "../optimizer/check/answers.ts"
import * as Checks from "../optimizer/check/Checks.ts"
import { differentiates, Optimizer, type OptimizerError, type Proposal } from "../optimizer/Optimizer.ts"
import * as Parameters from "../parameter/Parameters.ts"
import type { Pool, Selector } from "../selector/Selector.ts"
import type { Task } from "../task/Task.ts"
import { endsTheRun, ofExample, skippable } from "./failures.ts"
import { type Forward, forward } from "./forward.ts"
import { inTurn } from "./inTurn.ts"
import * as Minibatches from "./Minibatches.ts"
import { minibatchGate } from "./minibatchGate.ts"
import type { Options, Screen } from "./Options.ts"
import { blame, choose, shortfall } from "./parameterChoice.ts"
import { type Emit, type Failure, isMeasured, keyOf, type State, withTried } from "./State.ts"
import { screen } from "./screen.ts"

/** What a step needs of its run. */
export interface Run<P extends Parameters.Any, Ex, Output, E, R, RB> {
  readonly task: Task<P, Ex, Output, E, R, RB>
  readonly options: Options
  readonly selector: Selector["Service"]
  readonly optimizer: Optimizer["Service"]
  /** With its scores; or why it was given up, where it races against what is kept. */
  readonly evaluated: (
    candidate: Candidate,
    parameters: P,
    emit: Emit,
    pool: Pool
  ) => Effect.Effect<Result.Result<Candidate, string>, Failure<E>, R>
}

/** A candidate under extension, with what its minibatch showed. */
interface Branch<P, RB> {
  readonly parent: Candidate
  readonly parameters: P
  readonly shown: Forward<RB>
  readonly evidence: Evidence
  readonly proposals: ReadonlyArray<Result.Result<Proposal, Failure<never>>>
}

/** A proposal as a candidate that is not judged yet. */
interface Child<P, RB> {
  readonly branch: Branch<P, RB>
  readonly candidate: Candidate
  readonly parameters: P
  /** Those that changed. */
  readonly values: Proposal["values"]
  readonly demonstrated: ReadonlyArray<number>
}

/** Why a child is not for the selector to judge. */
interface Refusal {
  readonly reason: string
  /** Whether the validation set has spoken; a few training examples may say otherwise another time. */
  readonly isJudged: boolean
}

/** Steps of a run, from state to state. */
export const makeStep = <P extends Parameters.Any, Ex, Output, E, R, RB>({
  task,
  options,
  selector,
  optimizer,
  evaluated
}: Run<P, Ex, Output, E, R, RB>) => {
  type Chosen = Branch<P, RB>

  const checks = { ...Checks.defaults, ...options.checks }
  const answersOf = checks.copies === "off" ? undefined : answers(task.train)

  /** Whom to extend: each once. */
  const selected = (pool: Pool, step: number): Effect.Effect<ReadonlyArray<Candidate>> => {
    const draw = (i: string) => Random.withSeed(`${options.seed}/select/${step}/${i}`)
    if (options.parents > 1 && selector.selectMany !== undefined) {
      return draw("many")(selector.selectMany(pool, options.parents))
    }
    const draws = Array.from({ length: options.parents }, (_, i) => draw(`${i}`)(selector.select(pool)))
    return Effect.map(Effect.all(draws), (all) => [...new Set(all)])
  }

  /** Forward, backward and proposals of one candidate. */
  const extend = Effect.fnUntraced(function* (
    state: State<P>,
    step: number,
    parent: Candidate,
    examples: ReadonlyArray<number>,
    emit: Emit
  ): Effect.fn.Return<Chosen, Failure<E>, R | RB | Optimizer> {
    const parameters = state.parameters.get(parent.id)!
    yield* emit({ _tag: "StepStarted", step, candidate: parent.id, examples })
    const shown = yield* forward(task, parameters, examples, options, (result) =>
      emit({ _tag: "ExampleEvaluated", step, candidate: parent.id, split: "train", result })
    )
    const wrong = shown.evidence.filter(({ score }) => score < 1).map(({ loss }) => loss)
    const knowledge = {
      earlier: state.tried,
      evidence: shown.evidence,
      candidates: state.pool,
      parent,
      lineage: state.lineage,
      step,
      seed: options.seed,
      costs: costly(selector.objectives ?? scoreOnly)
    }
    const samples = Array.from({ length: options.proposals }, (_, sample) => sample)
    const gradients = samples.some((sample) => differentiates(optimizer, { ...knowledge, sample }))
      ? yield* Backward.run(options.errorsOnly ? wrong : shown.losses)
      : GradientMap.empty
    const said: Record<string, ReadonlyArray<string>> = {}
    for (const { name, variable } of Parameters.entries(parameters)) {
      const feedback = GradientMap.criticism(gradients, variable)
      if (feedback.length > 0) {
        said[name] = feedback.map(({ text }) => text)
        yield* emit({ _tag: "FeedbackGiven", step, candidate: parent.id, parameter: name, feedback })
      }
    }
    const coming = yield* Effect.forEach(samples, () => Deferred.make<Proposal, OptimizerError>())
    const proposals = yield* Effect.forEach(
      samples,
      (sample) =>
        Optimizer.propose(
          parameters,
          gradients,
          // only those before it: so none waits for one that waits for it
          { ...knowledge, sample, siblings: coming.slice(0, sample).map(Deferred.await) },
          (criticised) =>
            choose(options.parameters, {
              all: Parameters.entries(parameters),
              criticised,
              blame: differentiates(optimizer, { ...knowledge, sample })
                ? (entry) => blame(gradients, entry)
                : (entry) => shortfall(shown.evidence, entry),
              turn: (step - 1) * options.proposals + sample
            })
        ).pipe(
          Effect.onExit((exit) => Deferred.done(coming[sample]!, exit)),
          Random.withSeed(`${options.seed}/propose/${step}/${parent.id}/${sample}`),
          options.proposals === 1 ? (alone) => alone : within(`sample ${sample}`),
          // of several, one that could not be made takes no other with it
          (proposal) =>
            Effect.matchEffect(proposal, {
              onSuccess: (made) => Effect.succeed(Result.succeed(made)),
              onFailure: (error) => (skippable(error) ? Effect.succeed(Result.fail(error)) : Effect.fail(error))
            })
        ),
      { concurrency: "unbounded" }
    )
    return { parent, parameters, shown, evidence: { examples, feedback: said }, proposals }
  })

  /** The proposals of a branch that are worth a judgement. `known`: values that are not, with the reason. */
  const children = Effect.fnUntraced(function* (
    branch: Chosen,
    step: number,
    firstId: number,
    known: Map<string, string>,
    emit: Emit
  ) {
    const { parent, parameters, proposals } = branch
    const made: Array<Child<P, RB>> = []
    for (const proposal of proposals) {
      const drop = (reason: string) => emit({ _tag: "ProposalDropped", step, parent: parent.id, reason })
      if (Result.isFailure(proposal)) {
        yield* drop(proposal.failure.message)
        continue
      }
      const { demonstrated = [], mergedWith, reasons, values } = proposal.success
      const changed = Parameters.changes(parameters, values)
      if (changed.length === 0) {
        yield* drop(values.size === 0 ? "nothing to improve on this minibatch" : "the proposal changes nothing")
        continue
      }
      const { problem, warning } = Checks.look(changed, branch.shown.evidence, checks, answersOf)
      if (problem !== undefined) {
        yield* drop(problem)
        continue
      }
      const proposed = Parameters.replace(parameters, values)
      const saved = Parameters.save(proposed)
      const key = keyOf(saved)
      const same = known.get(key)
      if (same !== undefined) {
        yield* drop(same)
        continue
      }
      known.set(key, "another proposal of this step is the same")
      const id = firstId + made.length
      yield* emit({
        _tag: "Proposed",
        step,
        candidate: id,
        parent: parent.id,
        ...(mergedWith === undefined ? {} : { mergedWith }),
        changes: changed.map((change) => ({ ...change, reason: reasons.get(change.parameter) ?? "" })),
        ...(warning === undefined ? {} : { warning })
      })
      const candidate: Candidate = {
        id,
        parent: parent.id,
        ...(mergedWith === undefined ? {} : { mergedWith }),
        step,
        values: saved,
        evidence: branch.evidence
      }
      const isNew = new Set(changed.map(({ parameter }) => parameter))
      const fresh = new Map([...values].filter(([name]) => isNew.has(name)))
      made.push({ branch, candidate, parameters: proposed, values: fresh, demonstrated })
    }
    return made
  })

  const gate = ({ branch, ...child }: Child<P, RB>, step: number, emit: Emit) =>
    minibatchGate({ ...child, task, options, shown: branch.shown.evidence, step, emit })

  /** Why children are turned away where only some may be validated, by id. */
  const chosen = Effect.fnUntraced(function* (
    wanted: Screen,
    made: ReadonlyArray<Child<P, RB>>,
    seen: ReadonlyArray<number>,
    step: number,
    emit: Emit
  ): Effect.fn.Return<ReadonlyMap<number, string | undefined>, Failure<E>, R | RB> {
    const refused = yield* inTurn(made, emit, (child, emit) => gate(child, step, emit))
    const children = made.filter((_, i) => refused[i] === undefined)
    const screened = yield* screen({ task, options, wanted, children, seen, step, emit })
    return new Map(made.map(({ candidate: { id } }, i) => [id, refused[i] ?? screened.get(id)]))
  })

  /** The gate on the minibatch, then the validation. */
  const judge = Effect.fnUntraced(function* (
    child: Child<P, RB>,
    step: number,
    emit: Emit,
    pool: Pool,
    screened: ReadonlyMap<number, string | undefined> | undefined
  ): Effect.fn.Return<Result.Result<Candidate, Refusal>, Failure<E>, R | RB> {
    const { candidate, parameters } = child
    const refused = screened === undefined ? yield* gate(child, step, emit) : screened.get(candidate.id)
    if (refused !== undefined) return Result.fail({ reason: refused, isJudged: false })
    const verdict = yield* Effect.catch(evaluated(candidate, parameters, emit, pool), (error) =>
      options.onFailure === "fail" || endsTheRun(error)
        ? Effect.fail(error)
        : // it made every reply useless, where its parent's were not: that is for the selector to judge
          Effect.succeed(Result.succeed<Candidate>({ ...candidate, scores: task.validation.map(() => null) }))
    )
    return Result.mapError(verdict, (reason) => ({ reason, isJudged: true }))
  })

  return Effect.fnUntraced(function* (
    state: State<P>,
    step: number,
    emit: Emit
  ): Effect.fn.Return<State<P>, Failure<E>, R | RB | Optimizer> {
    const parents = yield* selected(state.pool, step)
    const examples = yield* Minibatches.at({ ...options, size: task.train.length, step })
    const branches = yield* inTurn(parents, emit, (parent, emit) => {
      const branch = extend(state, step, parent, examples, emit)
      return parents.length === 1 ? branch : within(`parent ${parent.id}`)(branch)
    })

    const known = new Map([...state.judged].map(([key, step]) => [key, `the same was tried in step ${step}`]))
    const made: Array<Child<P, RB>> = []
    const failures = branches.flatMap(({ proposals }) => proposals.filter(Result.isFailure))
    const alone = branches.length === 1 && options.proposals === 1
    if (alone && failures[0] !== undefined) return yield* Effect.fail(failures[0].failure)
    const dropped: Array<string> = []
    for (const branch of branches) {
      made.push(
        ...(yield* children(branch, step, state.next + made.length, known, (event) => {
          if (event._tag !== "ProposalDropped") return emit(event)
          dropped.push(event.reason)
          // that the step came to nothing says it all
          return alone ? Effect.void : emit(event)
        }))
      )
    }
    if (made.length === 0) {
      const nothing = branches.every(({ proposals }) =>
        proposals.every((proposal) => Result.isSuccess(proposal) && proposal.success.values.size === 0)
      )
      const reason = nothing
        ? "nothing to improve on this minibatch"
        : alone
          ? dropped.join()
          : dropped.every((reason) => reason.endsWith("changes nothing"))
            ? "no proposal changes anything"
            : "no proposal is of use"
      yield* emit({ _tag: "StepSkipped", step, reason })
      return { ...state, idle: state.idle + 1 }
    }

    const screened =
      options.screen === undefined ? undefined : yield* chosen(options.screen, made, examples, step, emit)
    const judged = yield* inTurn(made, emit, (child, emit) => judge(child, step, emit, state.pool, screened))
    let { pool, tried } = state
    const settled = new Map(state.judged)
    let accepted = false
    const lineage = [...state.lineage]
    for (const [i, child] of made.entries()) {
      const { candidate, values } = child
      const verdict = judged[i]!
      const admission = Result.isSuccess(verdict)
        ? yield* selector.admit(pool, verdict.success)
        : { accepted: false, reason: verdict.failure.reason, pool }
      if (Result.isSuccess(verdict) ? isMeasured(verdict.success) : verdict.failure.isJudged) {
        settled.set(keyOf(candidate.values), step)
      }
      yield* emit({
        _tag: admission.accepted ? "Accepted" : "Rejected",
        step,
        candidate: candidate.id,
        parent: candidate.parent!,
        reason: admission.reason
      })
      pool = admission.pool
      accepted ||= admission.accepted
      lineage.push({
        ...(Result.isSuccess(verdict) ? verdict.success : candidate),
        verdict: { kept: admission.accepted, reason: admission.reason }
      })
      tried = withTried(tried, values, {
        score: Result.isSuccess(verdict) ? mean(verdict.success) : undefined,
        rejected: admission.accepted ? undefined : admission.reason
      })
    }
    return {
      pool,
      parameters: new Map([
        ...state.parameters,
        ...made.map(({ candidate, parameters }) => [candidate.id, parameters] as const)
      ]),
      lineage,
      tried,
      judged: settled,
      next: state.next + made.length,
      idle: accepted ? 0 : state.idle + 1
    }
  })
}

/** Whether a failed step is left behind, or ends the run. */
export const isLeftBehind = (error: unknown, { onFailure }: Options): boolean =>
  skippable(error) && (onFailure !== "fail" || !ofExample(error))
