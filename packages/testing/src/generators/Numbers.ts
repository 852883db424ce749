/**
 * Graphs of numbers whose feedback is a derivative: the fold must give what calculus gives. A sum's pullback passes
 * feedback on, which is its derivative too.
 */
import type { Feedback, GradientMap } from "@backprose/core"
import { Feedback as Words } from "@backprose/core"
import * as Schema from "effect/Schema"
import { type Blueprint, type Formula, roots, type Step } from "./Blueprint.ts"
import * as Built from "./Built.ts"

type Numbers = ReadonlyArray<number>

/** A formula: its value, and its derivative by each input slot. */
interface Calculus {
  readonly value: (x: Numbers) => number
  readonly slope: (x: Numbers, slot: number) => number
}

const mean = (x: Numbers): number => (x.length === 0 ? 0 : total(x) / x.length)
const total = (x: Numbers): number => x.reduce((sum, one) => sum + one, 0)
const product = (x: Numbers): number => x.reduce((all, one) => all * Math.sin(one), 1)
const sign = (slot: number): number => (slot % 2 === 0 ? 1 : -1)

const calculus: { readonly [F in Formula]: Calculus } = {
  mean: { value: (x) => Math.tanh(mean(x)), slope: (x) => (1 - Math.tanh(mean(x)) ** 2) / x.length },
  sine: { value: (x) => Math.sin(mean(x)), slope: (x) => Math.cos(mean(x)) / x.length },
  product: {
    value: product,
    slope: (x, slot) => Math.cos(x[slot]!) * product(x.filter((_, other) => other !== slot))
  },
  difference: {
    value: (x) => Math.sin(total(x.map((one, slot) => sign(slot) * one))),
    slope: (x, slot) => Math.cos(total(x.map((one, other) => sign(other) * one))) * sign(slot)
  }
}

const valueOf = (step: Step, inputs: Numbers): number =>
  step.kind === "sum" ? total(inputs) : step.kind === "stop" ? inputs[0]! : calculus[step.formula].value(inputs)

const meaning: Built.Meaning<number> = {
  schema: Schema.Finite as Schema.Codec<number, unknown>,
  leaf: (step) => step.value,
  forward: (step, _index, inputs) => valueOf(step, inputs),
  backward: (step, index, inputs, feedback) =>
    inputs.map((_, slot) => [
      Words.make(String(slopeOf(feedback) * calculus[step.formula].slope(inputs, slot)), { from: `step ${index}` })
    ])
}

const slopeOf = (feedback: ReadonlyArray<Feedback.Feedback>): number =>
  total(feedback.map((one) => (Words.isCriticism(one) ? Number(one.text) : 1)))

/** The graph of a blueprint: each piece of feedback is a number in words, the objective counts as 1. */
export const build = (blueprint: Blueprint, options: Built.Options = {}): Built.Built =>
  Built.build(blueprint, meaning, options)

/** The derivative of the sum of all roots by each step that is a parameter, as a fold found it. */
export const slopes = (built: Built.Built, gradients: GradientMap.GradientMap): Numbers =>
  built.variables.map((variable) => (variable.origin._tag === "Parameter" ? slopeOf(gradients.of(variable)) : 0))

/** The values of all steps. `stopped`: what steps that stop gradients give, whatever their input. */
const evaluate = (blueprint: Blueprint, leaf: (index: number) => number, stopped?: Numbers): Numbers => {
  const values: Array<number> = []
  blueprint.steps.forEach((step, index) => {
    const isLeaf = step.kind === "parameter" || step.kind === "constant"
    values.push(
      isLeaf
        ? leaf(index)
        : step.kind === "stop" && stopped !== undefined
          ? stopped[index]!
          : valueOf(
              step,
              step.inputs.map((input) => values[input]!)
            )
    )
  })
  return values
}

/** The same derivatives by moving each parameter a little both ways and looking at the sum of the roots. */
export const finiteDifferences = (blueprint: Blueprint, distance = 1e-5): Numbers => {
  const here = evaluate(blueprint, (index) => blueprint.steps[index]!.value)
  const at = (moved: number, by: number): number => {
    const values = evaluate(blueprint, (index) => blueprint.steps[index]!.value + (index === moved ? by : 0), here)
    return total(roots(blueprint).map((root) => values[root]!))
  }
  return blueprint.steps.map(({ kind }, index) =>
    kind === "parameter" ? (at(index, distance) - at(index, -distance)) / (2 * distance) : 0
  )
}

/** The same derivatives in forward mode: each value carries its own derivative along, no feedback anywhere. */
export const forwardMode = (blueprint: Blueprint): Numbers => {
  const values = evaluate(blueprint, (index) => blueprint.steps[index]!.value)
  const by = (parameter: number): number => {
    const slopes: Array<number> = []
    blueprint.steps.forEach(({ formula, inputs, kind }, index) => {
      const x = inputs.map((input) => values[input]!)
      const partial = (slot: number) => (kind === "sum" ? 1 : calculus[formula].slope(x, slot))
      slopes.push(
        inputs.length === 0 || kind === "stop"
          ? Number(index === parameter)
          : total(inputs.map((input, slot) => partial(slot) * slopes[input]!))
      )
    })
    return total(roots(blueprint).map((root) => slopes[root]!))
  }
  return blueprint.steps.map(({ kind }, index) => (kind === "parameter" ? by(index) : 0))
}
