/**
 * What is compared: an optimizer with a selector, and options that suit them.
 */
import {
  Beam,
  Bootstrap,
  Compose,
  Contrast,
  EpsilonGreedy,
  Latest,
  Merge,
  Mipro,
  type ModelRoles,
  Momentum,
  Opro,
  type Optimizer,
  Pareto,
  ProTeGi,
  Reflection,
  Revolve,
  SampledMomentum,
  type Selector,
  Softmax,
  Teacher,
  TextualGradientDescent,
  TopK,
  Trace,
  type Trainer,
  ValidationGate
} from "@backprose/core"
import type { ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Instance } from "./Problem.ts"

type Optimizing = Layer.Layer<Optimizer, never, ModelRoles>

export interface Strategy {
  readonly optimizer: string
  readonly selector: string
  /** `undefined`: it has nothing to do on this problem. What it asks beforehand, it asks of models that are counted. */
  readonly layer: (of: Instance, count: Count) => Effect.Effect<Optimizing> | undefined
  readonly select: Layer.Layer<Selector>
  readonly options: Partial<Trainer.Options>
}

/** Models whose calls are counted. */
export type Count = (respond: Instance["respond"]) => Layer.Layer<ModelRoles | ScriptedModel>

const tgd: Optimizing = TextualGradientDescent.layer()
const reflection: Optimizing = Reflection.layer()
const over = (outer: Layer.Layer<Optimizer, never, ModelRoles | Optimizer>, inner: Optimizing): Optimizing =>
  outer.pipe(Layer.provide(inner))
const gate = ValidationGate.layer()

const strategy = (
  names: readonly [optimizer: string, selector: string],
  layer: Optimizing | Strategy["layer"],
  select: Layer.Layer<Selector>,
  options: Partial<Trainer.Options> = {}
): Strategy => ({
  optimizer: names[0],
  selector: names[1],
  layer: typeof layer === "function" ? layer : () => Effect.succeed(layer),
  select,
  options
})

/** With demonstrations by a teacher, who answers each training example once. */
const taught =
  (make: (lessons: Bootstrap.Options["lessons"]) => Optimizing): Strategy["layer"] =>
  ({ task, teacher }, count) =>
    teacher === undefined
      ? undefined
      : Teacher.lessons(task).pipe(Effect.provide(count(teacher)), Effect.map(make), Effect.orDie)

const strict = { minibatchGate: "strictGain" } as const

export const strategies: ReadonlyArray<Strategy> = [
  strategy(["TGD", "latest"], tgd, Latest.layer),
  strategy(["TGD", "gate"], tgd, gate),
  strategy(["TGD", "gate, strict"], tgd, ValidationGate.layer({ accept: "strictGain" })),
  strategy(["TGD", "gate, raced"], tgd, gate, { race: { rounds: 3 } }),
  strategy(["TGD, best of 4", "gate, screened"], tgd, gate, { proposals: 4, screen: { keep: 1, examples: 8 } }),
  strategy(["TGD", "beam"], tgd, Beam.layer()),
  strategy(["TGD", "top k"], tgd, TopK.layer()),
  strategy(["TGD", "epsilon-greedy"], tgd, EpsilonGreedy.layer()),
  strategy(["TGD", "softmax"], tgd, Softmax.layer()),
  strategy(["TGD", "Pareto"], tgd, Pareto.layer()),
  strategy(["Merge over TGD", "Pareto"], over(Merge.layer(), tgd), Pareto.layer()),
  strategy(["Momentum", "gate"], over(Momentum.layer(), tgd), gate),
  strategy(["Sampled momentum", "gate"], over(SampledMomentum.layer(), tgd), gate),
  strategy(["Revolve", "gate"], Revolve.layer(), gate),
  strategy(["Contrast over TGD", "gate"], over(Contrast.layer(), tgd), gate),
  strategy(["ProTeGi", "beam, screened"], ProTeGi.layer(), Beam.layer(), {
    parents: 2,
    proposals: 4,
    screen: { keep: 2, examples: 8 }
  }),
  strategy(["Trace", "gate"], Trace.layer(), gate),
  strategy(["OPRO", "gate"], Opro.layer(), gate),
  strategy(["Reflection", "gate"], reflection, gate, strict),
  strategy(["Reflection", "Pareto"], reflection, Pareto.layer(), strict),
  strategy(["Reflection", "Pareto, 2 parents"], reflection, Pareto.layer(), { ...strict, parents: 2 }),
  strategy(["Merge over Reflection", "Pareto"], over(Merge.layer(), reflection), Pareto.layer()),
  strategy(["Merge over Reflection", "Pareto, two gates"], over(Merge.layer(), reflection), Pareto.layer(), strict),
  strategy(
    ["Bootstrap, taught", "gate"],
    taught((lessons) => Bootstrap.layer({ lessons, most: 8 })),
    gate
  ),
  strategy(
    ["Mipro, taught", "top k"],
    taught((lessons) => Mipro.layer({ lessons, demonstrations: 8 })),
    TopK.layer()
  ),
  strategy(
    ["TGD and Bootstrap in turn, taught", "gate"],
    taught((lessons) => Compose.alternate<Optimizing>(tgd, Bootstrap.layer({ lessons, most: 8 }))),
    gate
  ),
  strategy(
    ["portfolio of TGD, Reflection, OPRO", "Pareto"],
    Compose.portfolio<Optimizing>(tgd, reflection, Opro.layer()),
    Pareto.layer()
  )
]
