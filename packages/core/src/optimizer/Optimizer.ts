/**
 * Who proposes: from parameters and a gradient map to proposed parameters of the same type. Strategies are layers.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as GradientMap from "../autograd/GradientMap.ts"
import type { Candidate } from "../candidate/Candidate.ts"
import type { Cost } from "../candidate/Objectives.ts"
import type * as Variable from "../graph/Variable.ts"
import { within } from "../model/Place.ts"
import { TextModelError } from "../model/TextModelError.ts"
import * as Parameters from "../parameter/Parameters.ts"
import { ThriftPrompt } from "../prompts/Thrift.ts"

/** A value a parameter had before. */
export interface Earlier {
  readonly value: unknown
  /** 0 to 1, where it was evaluated. */
  readonly score?: number | undefined
  /** Of the training examples in the steps that began with it, where that is known: for what nobody evaluated. */
  readonly minibatch?: ReadonlyArray<number> | undefined
  /** What was said about it. */
  readonly feedback: ReadonlyArray<string>
  /** Why it was not kept, where it was not. */
  readonly rejected?: string | undefined
}

/** What one example of the minibatch showed of the parameters that are to be improved. */
export interface Evidence {
  /** Its place in the training set. */
  readonly example: number
  /** The whole graph of the example, up to its judgement. */
  readonly loss: Variable.Variable<unknown, any>
  readonly output: string
  /** 0 to 1. */
  readonly score: number
  readonly feedback: string
}

/** What a proposal is made from. */
export interface ProposalRequest {
  /** Those, and no others, may change: with gradients, the parameters that received criticism; else all. */
  readonly entries: ReadonlyArray<Parameters.Entry>
  readonly gradients: GradientMap.GradientMap
  /** Earlier values by parameter name, oldest first. */
  readonly earlier: ReadonlyMap<string, ReadonlyArray<Earlier>>
  /** What the minibatch showed, in its order. */
  readonly evidence: ReadonlyArray<Evidence>
  /** The values that it starts from, whole: also those that may not change. */
  readonly parameters: Parameters.Any
  /** What is kept so far, with scores, oldest first; the one that is extended (`parent`) among them. */
  readonly candidates: ReadonlyArray<Candidate>
  readonly parent: Candidate
  /** Every candidate of the run so far, oldest first, kept or not: where each came from. */
  readonly lineage: ReadonlyArray<Candidate>
  readonly step: number
  /** Which of several proposals from the same evidence: 0, 1, … A model asked again under another number answers anew. */
  readonly sample: number
  /**
   * What comes of the samples before it, in their order: to be waited for, and paid for once. Nothing outside of a loop.
   */
  readonly siblings?: ReadonlyArray<Effect.Effect<Proposal, OptimizerError>> | undefined
  /** So many earlier versions at least are worth showing, where an optimizer on top of this one says so. */
  readonly versions?: number | undefined
  /** So many of them may be versions that were not kept, where an optimizer on top has chosen them. */
  readonly failed?: number | undefined
  /** All chance comes from it: the run's. */
  readonly seed: number
  /** What counts beside the score. The constraints of `entries` say so in words. */
  readonly costs?: ReadonlyArray<Cost> | undefined
}

/** What a loop knows beside gradients. Left out: a first step on parameters that nobody knows anything of. */
export type Knowledge = Omit<ProposalRequest, "entries" | "gradients" | "parameters">

/** Suggested values, with the reason for each. */
export interface Proposal {
  readonly values: ReadonlyMap<string, unknown>
  readonly reasons: ReadonlyMap<string, string>
  /** The other candidate that values were taken from, where two were merged. */
  readonly mergedWith?: number | undefined
  /**
   * Examples that the new values show as demonstrations and the old ones do not, or the other way round, by their places
   * in the training set. Whoever is shown the answer has it right: they are no evidence for either.
   */
  readonly demonstrated?: ReadonlyArray<number> | undefined
}

/** An optimizer that asks no model could not make a proposal. */
export class ProposalFailed extends Schema.TaggedError<ProposalFailed>()("ProposalFailed", {
  message: Schema.String
}) {}

/** No usable proposal for `parameter`. Nothing was changed. */
export class OptimizerError extends Schema.TaggedError<OptimizerError>()("OptimizerError", {
  parameter: Schema.String,
  reason: Schema.Union([TextModelError, ProposalFailed])
}) {
  override get message(): string {
    return `no proposal for "${this.parameter}": ${this.reason.message}`
  }
}

/** Model calls of one proposal, by the role that is asked. */
export interface Calls {
  readonly backward: number
  readonly optimizer: number
}

/** Which proposal is meant: how many parameters may change in it, and its number among those from the same evidence. */
export interface Asking {
  readonly parameters: number
  readonly sample: number
}

export interface Service {
  /**
   * Whether it reads gradients (default), always or for this proposal. Where not, the backward pass is neither run nor
   * paid for.
   */
  readonly differentiates?: boolean | ((knowledge: Knowledge) => boolean) | undefined
  /**
   * What a proposal asks at most, so that a run can be estimated beforehand; repairs of replies, and summaries of feedback
   * that is too long, apart. Default: the optimizer model, once a parameter.
   */
  readonly asks?: ((of: Asking) => Calls) | undefined
  /** All of the request's entries or a failure: half a proposal does not exist. */
  readonly propose: (request: ProposalRequest) => Effect.Effect<Proposal, OptimizerError>
}

/** Whether an optimizer reads gradients for a proposal. */
export const differentiates = ({ differentiates = true }: Service, knowledge: Knowledge): boolean =>
  typeof differentiates === "boolean" ? differentiates : differentiates(knowledge)

/** What an optimizer asks for a proposal at most. */
export const asks = ({ asks }: Service, of: Asking): Calls =>
  asks === undefined ? { backward: 0, optimizer: of.parameters } : asks(of)

export class Optimizer extends Context.Service<Optimizer, Service>()("@backprose/core/Optimizer") {
  /**
   * One update: the parameters with proposed values, of the same type. A parameter without criticism keeps its value; a
   * failure leaves everything as it was.
   */
  static step<P extends Parameters.Any>(
    parameters: P,
    gradients: GradientMap.GradientMap
  ): Effect.Effect<P, OptimizerError, Optimizer> {
    return Effect.map(Optimizer.propose(parameters, gradients), ({ values }) => Parameters.replace(parameters, values))
  }

  /**
   * The proposal behind a step, for loops that judge it before they take it. `choose`: those of the criticised parameters
   * that may change this time; all where it is left out.
   */
  static propose(
    parameters: Parameters.Any,
    gradients: GradientMap.GradientMap,
    knowledge: Partial<Knowledge> = {},
    choose: (criticised: ReadonlyArray<Parameters.Entry>) => ReadonlyArray<Parameters.Entry> = (all) => all
  ): Effect.Effect<Proposal, OptimizerError, Optimizer> {
    return Effect.flatMap(Effect.all([Optimizer, ThriftPrompt]), ([optimizer, render]) => {
      const all = Parameters.entries(parameters)
      const known = { ...unknown(parameters), ...knowledge }
      const entries = choose(
        differentiates(optimizer, known)
          ? all.filter(({ variable }) => GradientMap.criticism(gradients, variable).length > 0)
          : all
      )
      if (entries.length === 0) return Effect.succeed<Proposal>({ values: new Map(), reasons: new Map() })
      return Effect.tap(
        optimizer.propose({
          ...known,
          parameters,
          entries: entries.map(wanting(render(thrift(known)))),
          gradients
        }),
        // a merge takes over what another candidate already has
        ({ mergedWith, values }) => refuseOthers(mergedWith === undefined ? entries : all, values)
      )
    }).pipe(within("proposal"), Effect.withSpan("Optimizer.propose"))
  }
}

const thrift = ({ costs = [] }: Knowledge) => ({
  length: costs.includes("length"),
  tokens: costs.includes("tokens") || costs.includes("cost")
})

const wanting =
  (wishes: ReadonlyArray<string>) =>
  (entry: Parameters.Entry): Parameters.Entry => {
    const { origin } = entry
    return { ...entry, origin: { ...origin, constraints: [...origin.constraints, ...wishes] } }
  }

const unknown = (parameters: Parameters.Any): Knowledge => {
  const parent: Candidate = { id: 0, step: 0, values: Parameters.save(parameters) }
  const alone = { candidates: [parent], parent, lineage: [parent] }
  return { earlier: new Map(), evidence: [], ...alone, step: 1, sample: 0, seed: 0 }
}

/** A proposal fills the slots that were asked for, and no other: its names may come from a model's reply. */
const refuseOthers = (
  entries: ReadonlyArray<Parameters.Entry>,
  values: Proposal["values"]
): Effect.Effect<void, OptimizerError> => {
  const parameter = [...values.keys()].find((name) => !entries.some((entry) => entry.name === name))
  if (parameter === undefined) return Effect.void
  const reason = new ProposalFailed({ message: "a value was proposed without a gradient that asks for one" })
  return Effect.fail(new OptimizerError({ parameter, reason }))
}
