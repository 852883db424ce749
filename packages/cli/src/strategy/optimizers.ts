/** The optimizers that can be asked for by name, with what each does best behind. */
import {
  Bootstrap,
  Compose,
  Contrast,
  layerAll,
  Merge,
  Mipro,
  type ModelRoles,
  Momentum,
  Opro,
  Optimizer,
  ProTeGi,
  Reflection,
  Revolve,
  SampledMomentum,
  TextModel,
  TextualGradientDescent,
  Trace
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as selectors from "./selectors.ts"

/** As written on the command line and in records of runs. A name once given stays. */
export const names = [
  "tgd",
  "momentum",
  "sampled-momentum",
  "revolve",
  "contrast",
  "protegi",
  "trace",
  "opro",
  "reflection",
  "merge",
  "gepa",
  "bootstrap",
  "mipro",
  "portfolio"
] as const
export type Name = (typeof names)[number]

export interface Entry {
  readonly layer: Layer.Layer<Optimizer, never, ModelRoles>
  /** Where nothing else is asked for, and there is a validation set. */
  readonly selector: selectors.Name
  readonly parents?: number
  readonly proposals?: number
  /** Of the proposals of a step, so many at most are validated. */
  readonly screen?: number
  readonly minibatchGate?: "strict-gain"
}

const tgd = TextualGradientDescent.layer()
const reflection = Reflection.layer()
const over = (outer: Layer.Layer<Optimizer, never, ModelRoles | Optimizer>, inner: Entry["layer"]): Entry["layer"] =>
  outer.pipe(Layer.provide(inner))

export const entries: { readonly [name in Name]: Entry } = {
  tgd: { layer: tgd, selector: "validation-gate" },
  momentum: { layer: over(Momentum.layer(), tgd), selector: "validation-gate" },
  "sampled-momentum": { layer: over(SampledMomentum.layer(), tgd), selector: "validation-gate" },
  revolve: { layer: Revolve.layer(), selector: "validation-gate" },
  contrast: { layer: over(Contrast.layer(), tgd), selector: "validation-gate" },
  protegi: { layer: ProTeGi.layer(), selector: "beam", parents: 2, proposals: 4, screen: 2 },
  trace: { layer: Trace.layer(), selector: "validation-gate" },
  opro: { layer: Opro.layer(), selector: "validation-gate" },
  reflection: { layer: reflection, selector: "validation-gate" },
  merge: { layer: over(Merge.layer(), tgd), selector: "pareto" },
  gepa: { layer: over(Merge.layer(), reflection), selector: "pareto", minibatchGate: "strict-gain" },
  bootstrap: { layer: Bootstrap.layer(), selector: "validation-gate" },
  mipro: { layer: Mipro.layer(), selector: "top-k" },
  portfolio: { layer: Compose.portfolio<Entry["layer"]>(tgd, reflection, Opro.layer()), selector: "pareto" }
}

const nobody = layerAll(
  Layer.succeed(TextModel, {
    complete: () => Effect.die(new Error("an optimizer that was only asked about itself asked a model"))
  })
)

/** An optimizer without models, to be asked about itself and for no proposal. */
export const described = (name: Name): Layer.Layer<Optimizer> => Layer.provide(entries[name].layer, nobody)

/** Whether it reads what a critic says, at least sometimes. */
export const readsCriticism = (name: Name): Effect.Effect<boolean> =>
  Effect.map(Optimizer, ({ differentiates }) => differentiates !== false).pipe(Effect.provide(described(name)))
