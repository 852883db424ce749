/**
 * Steps of a run with everything that a run would know, drawn at random: real graphs of a minibatch as evidence, versions
 * that were tried with their scores and what was said of them, several candidates and where they came from. What is proposed
 * becomes a candidate, and is scored and kept or not as the course says.
 */
import {
  Backward,
  type BackwardModel,
  type Candidate,
  type Earlier,
  Example,
  Feedback,
  GradientMap,
  Optimizer,
  type OptimizerError,
  Parameters,
  type Proposal,
  type ProposalRequest,
  type Request,
  type Variable
} from "@backprose/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ScriptedModel } from "../scripted/ScriptedModel.ts"
import * as Student from "../student/Student.ts"
import * as frozen from "./frozen.ts"
import { Misbehaviour, misbehave } from "./misbehaviour.ts"
import type { Subject } from "./OptimizerLaw.ts"
import { entries, type Readers, task, version } from "./readers.ts"

// quarters, so that equal scores come up
const Score = Schema.Literals([0, 0.25, 0.5, 0.75, 1])

const Fate = Schema.Struct({
  became: Schema.Literals(["kept", "rejected", "turned away"]),
  scores: Schema.Tuple([Score, Score, Score, Score]),
  said: Schema.Boolean
})

const below = (limit: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: limit - 1 }))

const Move = Schema.Struct({
  /** The minibatch: each training example whether it is in it. */
  examples: Schema.Tuple([Schema.Boolean, Schema.Boolean, Schema.Boolean, Schema.Boolean, Schema.Boolean]),
  /** Who is extended, counted from the latest that was kept. */
  from: below(3),
  samples: Schema.Literals([1, 2]),
  /** Whether all parameters may change, or the next of them. */
  may: Schema.Literals(["all", "one"]),
  /** Whether somebody else's version is tried in the place of the first proposal. */
  isOthers: Schema.Boolean,
  fates: Schema.Tuple([Fate, Fate])
})

/** `trouble`: in which step a model misbehaves, where a law wants it to. */
export interface Course {
  readonly seed: number
  readonly moves: ReadonlyArray<typeof Move.Type>
  readonly trouble: { readonly step: number; readonly bad: Misbehaviour }
}

const longest = 4

export const courses: Arbitrary.Arbitrary<Course> = Arbitrary.map(
  Arbitrary.all({
    seed: Arbitrary.schema(below(100)),
    moves: Arbitrary.array(Arbitrary.schema(Move), { minLength: longest, maxLength: longest }),
    count: Arbitrary.schema(below(longest)),
    trouble: Arbitrary.schema(Schema.Struct({ step: below(longest), bad: Misbehaviour }))
  }),
  ({ count, moves, seed, trouble }) => ({
    seed,
    moves: moves.slice(0, 1 + count),
    trouble: { ...trouble, step: 1 + (trouble.step % (1 + count)) }
  })
)

/** A proposal that was asked for, and what came of it. */
export interface Asked {
  readonly step: number
  readonly sample: number
  /** Where there was anything to ask for. */
  readonly request: ProposalRequest | undefined
  /** What was proposed, before anybody looked whether it may be. */
  readonly proposed: Proposal | undefined
  readonly result: Result.Result<Proposal, OptimizerError>
  /** Whether gradients are read for it. */
  readonly differentiates: boolean
  /** What models were asked for it. */
  readonly calls: ReadonlyArray<Request.Request>
  /** Whether what it was given has changed meanwhile. */
  readonly isTouched: boolean
}

export interface Options {
  /** Proposals of a step in the other order. */
  readonly isReversed?: boolean
  /** Before the step in trouble, a proposal that the model misbehaves at. */
  readonly isTroubled?: boolean
}

export interface Played {
  readonly asked: ReadonlyArray<Asked>
  /** What became of the proposal in trouble, where there was one. */
  readonly troubled: Asked | undefined
}

interface State {
  readonly pool: ReadonlyArray<Candidate.Candidate>
  readonly lineage: ReadonlyArray<Candidate.Candidate>
  readonly earlier: ProposalRequest["earlier"]
  readonly parameters: ReadonlyMap<number, Readers>
}

const seedOf = (): State => {
  const seed: Candidate.Candidate = {
    id: 0,
    step: 0,
    values: Parameters.save(task.parameters),
    scores: [0.25, 0.25, 0, 0]
  }
  const earlier = new Map(entries.map(({ name, variable }) => [name, [{ value: variable.value, feedback: [] }]]))
  return { pool: [seed], lineage: [seed], earlier, parameters: new Map([[0, task.parameters]]) }
}

/** Plays a course with a fresh optimizer. */
export const play = (subject: Subject, course: Course, options: Options = {}): Effect.Effect<Played> =>
  Effect.suspend(() => {
    let bad: Misbehaviour | undefined
    const student = Student.reply(Student.defaults)
    const models = ScriptedModel.respond((request) =>
      bad === undefined || request.purpose === "forward" ? student(request) : misbehave(bad, request)
    )
    return Effect.gen(function* () {
      const optimizer = yield* Optimizer
      const { requests } = yield* ScriptedModel
      const asked: Array<Asked> = []
      let troubled: Asked | undefined
      let state = seedOf()
      for (const [i, move] of course.moves.entries()) {
        const step = i + 1
        const parent = state.pool.at(-1 - (move.from % state.pool.length))!
        const parameters = state.parameters.get(parent.id)!
        const { earlier, lineage, pool: candidates } = state
        const { evidence, losses } = yield* forward(parameters, move)
        const known = { earlier, evidence, candidates, parent, lineage, step, seed: course.seed }
        const samples = Array.from({ length: move.samples }, (_, sample) => sample)
        const reads = (sample: number) => {
          const { differentiates = true } = optimizer
          return typeof differentiates === "boolean" ? differentiates : differentiates({ ...known, sample })
        }
        const gradients = samples.some(reads) ? yield* backward(parameters, losses) : GradientMap.empty
        const ask = Effect.fnUntraced(function* (sample: number): Effect.fn.Return<Asked> {
          let request: ProposalRequest | undefined
          let proposed: Proposal | undefined
          const listening = Optimizer.of({
            ...optimizer,
            propose: (given) => {
              request = given
              return Effect.tap(optimizer.propose(given), (made) =>
                Effect.sync(() => {
                  proposed = made
                })
              )
            }
          })
          const isTouched = frozen.watch({ known, parameters, gradients: gradients.entries })
          const before = (yield* requests).length
          const result = yield* Optimizer.propose(parameters, gradients, { ...known, sample }, (all) =>
            move.may === "all" || all.length === 0 ? all : [all[(i + sample) % all.length]!]
          ).pipe(
            Effect.result,
            Random.withSeed(`${course.seed}/${step}/${sample}`),
            Effect.provideService(Optimizer, listening)
          )
          const calls = (yield* requests).slice(before)
          return {
            step,
            sample,
            request,
            proposed,
            result,
            differentiates: reads(sample),
            calls,
            isTouched: isTouched()
          }
        })
        if (options.isTroubled === true && step === course.trouble.step) {
          bad = course.trouble.bad
          troubled = yield* ask(0)
          bad = undefined
        }
        const made: Array<Asked> = []
        for (const sample of options.isReversed === true ? samples.toReversed() : samples) made.push(yield* ask(sample))
        made.sort((a, b) => a.sample - b.sample)
        asked.push(...made)
        for (const one of made) state = after(state, one, parent, move)
      }
      return { asked, troubled }
    }).pipe(
      Effect.provide(subject, { local: true }),
      Effect.provide(models),
      Random.withSeed("law"),
      // the readers are never in trouble
      Effect.orDie
    )
  })

/** A minibatch, forward. */
const forward = Effect.fnUntraced(function* (parameters: Readers, { examples }: typeof Move.Type) {
  const places = examples.flatMap((isIn, place) => (isIn ? [place] : []))
  const outcomes = yield* Effect.forEach(places, (place) =>
    Example.differentiable(task, parameters, task.train[place]!, place)
  )
  const evidence = outcomes.flatMap(({ loss, result }) => {
    if (loss === undefined || result._tag !== "Scored") return []
    const { feedback, index, output, score } = result
    return [{ example: index, loss, output, score, feedback }]
  })
  return { evidence, losses: evidence.map(({ loss }) => loss) }
})

/** Its gradients; of few examples, with what somebody said who saw none. */
const backward = (parameters: Readers, losses: ReadonlyArray<Variable.Variable<unknown, BackwardModel>>) =>
  Effect.map(Backward.run(losses), (gradients) => {
    if (losses.length > 1) return gradients
    const overheard = Feedback.make("It could say more.", { from: "somebody" })
    return GradientMap.combine(gradients, GradientMap.make(new Map([[parameters.nested.settings, [overheard]]])))
  })

/** What a run knows when a proposal has been judged. One that came to nothing is somebody else's. */
const after = (
  state: State,
  { result, sample, step }: Asked,
  parent: Candidate.Candidate,
  move: typeof Move.Type
): State => {
  const from = state.parameters.get(parent.id)!
  const own = Result.isSuccess(result) && !(move.isOthers && sample === 0) ? result.success : undefined
  const isNew = own !== undefined && Parameters.changes(from, own.values).length > 0
  const id = state.lineage.length
  const { name } = entries[id % entries.length]!
  const values = isNew ? own.values : new Map([[name, version(name, `version ${id}`)]])
  const { became, said, scores } = move.fates[sample]!
  const parameters = Parameters.replace(from, values)
  const candidate: Candidate.Candidate = {
    id,
    parent: parent.id,
    ...(isNew && own.mergedWith !== undefined ? { mergedWith: own.mergedWith } : {}),
    step,
    values: Parameters.save(parameters),
    ...(became === "turned away" ? {} : { scores })
  }
  const tried = {
    score: became === "turned away" ? undefined : scores.reduce<number>((sum, score) => sum + score / 4, 0),
    feedback: said ? [`Version ${id} was too short.`] : [],
    rejected: became === "kept" ? undefined : `version ${id} was no better`
  }
  return {
    pool: became === "kept" ? [...state.pool, candidate] : state.pool,
    lineage: [...state.lineage, candidate],
    earlier: new Map([
      ...state.earlier,
      ...[...values].map(([name, value]): readonly [string, ReadonlyArray<Earlier>] => [
        name,
        [...(state.earlier.get(name) ?? []), { ...tried, value }]
      ])
    ]),
    parameters: new Map([...state.parameters, [id, parameters]])
  }
}
