/**
 * Who proposes: from parameters and a gradient map to proposed parameters of the same type. Strategies are layers.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as GradientMap from "../autograd/GradientMap.ts"
import { within } from "../model/Place.ts"
import { TextModelError } from "../model/TextModelError.ts"
import * as Parameters from "../parameter/Parameters.ts"

/** A value a parameter had before. */
export interface Earlier {
  readonly value: unknown
  /** 0 to 1, where it was evaluated. */
  readonly score?: number | undefined
  /** What was said about it. */
  readonly feedback: ReadonlyArray<string>
}

/** What a proposal is made from. */
export interface ProposalRequest {
  /** The parameters that received criticism: those, and no others, may change. */
  readonly entries: ReadonlyArray<Parameters.Entry>
  readonly gradients: GradientMap.GradientMap
  /** Earlier values by parameter name, oldest first. */
  readonly earlier: ReadonlyMap<string, ReadonlyArray<Earlier>>
}

/** Suggested values, with the reason for each. */
export interface Proposal {
  readonly values: ReadonlyMap<string, unknown>
  readonly reasons: ReadonlyMap<string, string>
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

export interface Service {
  /** All of the request's entries or a failure: half a proposal does not exist. */
  readonly propose: (request: ProposalRequest) => Effect.Effect<Proposal, OptimizerError>
}

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

  /** The proposal behind a step, for loops that judge it before they take it. */
  static propose(
    parameters: Parameters.Any,
    gradients: GradientMap.GradientMap,
    earlier: ProposalRequest["earlier"] = new Map()
  ): Effect.Effect<Proposal, OptimizerError, Optimizer> {
    const entries = Parameters.entries(parameters).filter(
      ({ variable }) => GradientMap.criticism(gradients, variable).length > 0
    )
    return entries.length === 0
      ? Effect.succeed({ values: new Map(), reasons: new Map() })
      : Effect.flatMap(Optimizer, (optimizer) => optimizer.propose({ entries, gradients, earlier })).pipe(
          Effect.tap(({ values }) => refuseOthers(entries, values)),
          within("proposal"),
          Effect.withSpan("Optimizer.propose")
        )
  }
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
