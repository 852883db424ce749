/**
 * A recorded program, built and run with our library.
 */
import {
  Backward,
  type BackwardModel,
  Combine,
  Describe,
  Generate,
  GradientMap,
  Loss,
  Momentum,
  Optimizer,
  Parameter,
  Parameters,
  type Template,
  TextualGradientDescent,
  Variable
} from "@backprose/core"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Op } from "./Transcript.ts"

type Made = Variable.Variable<any, BackwardModel>
type Module = Extract<Op, { readonly op: "blackbox" | "formattedCall" | "multiField" | "stringFunction" }>

/** How a program ended. */
export interface Ended {
  readonly variables: ReadonlyMap<string, Made>
  /** The value of every loss that was computed on the way. */
  readonly judgements: ReadonlyArray<string>
  /** What the last backward pass said about each variable. */
  readonly said: ReadonlyMap<string, ReadonlyArray<string>>
}

/** What a variable is for: TextGrad sets roles later, we say them where a variable is made. */
export const roleOf = (program: ReadonlyArray<Op>, name: string): string => {
  for (const op of program) {
    if (op.op === "variable" && op.name === name) return op.role
    if (op.op === "setRole" && op.variable === name) return op.role
    if (op.op === "callFormatted" && op.out === name) return op.responseRole
  }
  return name
}

const given = (
  name: string,
  from: { readonly value: string; readonly role: string; readonly requiresGrad: boolean }
) =>
  from.requiresGrad
    ? Parameters.make({ [name]: Parameter.text(from.value, { role: from.role }) })[name]!
    : Variable.constant(from.value, from.role)

/** `"Country: {country}."` with the variables in its slots. */
const template = (format: string, slot: (name: string) => Made): Template.Template<BackwardModel> => ({
  parts: format
    .split(/\{(\w+)\}/)
    .map((part, i) => (i % 2 === 1 ? slot(part) : part))
    .filter((part) => part !== "")
})

const optimizer = ({ kind, options }: Extract<Op, { readonly op: "optimizer" }>) => {
  const descent = TextualGradientDescent.layer({
    constraints: options.constraints ?? [],
    examples: options.inContextExamples ?? []
  })
  const window = options.momentumWindow ?? options.gradientMemory
  return kind === "tgd" && window === undefined
    ? descent
    : Momentum.layer({ window: window ?? 0 }).pipe(Layer.provide(descent))
}

/** Runs a program from its first line to its last. */
export const run = Effect.fnUntraced(function* (program: ReadonlyArray<Op>) {
  const variables = new Map<string, Made>()
  const modules = new Map<string, Module>()
  const optimizers = new Map<string, { params: ReadonlyArray<string>; context: Context.Context<Optimizer> }>()
  const said = new Map<string, ReadonlyArray<string>>()
  const judgements: Array<string> = []
  let gradients = GradientMap.empty

  const variable = (name: string): Made => variables.get(name)!
  const all = (names: ReadonlyArray<string>) => names.map(variable)
  const module = <const Name extends Module["op"]>(_: Name, name: string) =>
    modules.get(name) as Extract<Module, { readonly op: Name }>
  const role = (out: string) => roleOf(program, out)
  const judge = (out: string, loss: Variable.Variable<string, BackwardModel>) => {
    judgements.push(loss.value)
    variables.set(out, loss)
  }

  for (const op of program) {
    switch (op.op) {
      case "variable":
        variables.set(op.name, given(op.name, op))
        break
      case "setRole":
        break
      case "blackbox":
      case "formattedCall":
      case "multiField":
      case "stringFunction":
        modules.set(op.name, op)
        break
      case "llmCall":
        variables.set(op.out, yield* Generate.text({ prompt: variable(op.input), role: role(op.out) }))
        break
      case "call": {
        const system = variable(module("blackbox", op.module).systemPrompt)
        variables.set(op.out, yield* Generate.text({ system, prompt: variable(op.input), role: role(op.out) }))
        break
      }
      case "callFormatted": {
        const { format, systemPrompt } = module("formattedCall", op.module)
        const prompt = template(format, (slot) => variable(op.inputs[slot]!))
        const system = systemPrompt === undefined ? {} : { system: given(`${op.module}.system`, systemPrompt) }
        variables.set(op.out, yield* Generate.text({ ...system, prompt, role: role(op.out) }))
        break
      }
      case "textLoss": {
        const objective = op.prompt ?? variable(op.promptVariable!).value
        judge(op.out, yield* Loss.text(objective)(variable(op.input)))
        break
      }
      case "callList": {
        const { instruction, roles } = module("multiField", op.module)
        const fields = Object.fromEntries(roles.map((label, i) => [label, variable(op.inputs[i]!)]))
        judge(op.out, yield* Loss.fields(instruction.value, fields))
        break
      }
      case "callNamed": {
        const { purpose } = module("stringFunction", op.module)
        const check = Describe.criticised({
          name: op.module,
          purpose,
          role: role(op.out),
          apply: (inputs: { readonly prediction: string; readonly ground_truth_answer: string }) =>
            inputs.prediction.trim().endsWith(inputs.ground_truth_answer) ? 1 : 0
        })
        const inputs = {
          prediction: variable(op.inputs["prediction"]!),
          ground_truth_answer: variable(op.inputs["ground_truth_answer"]!)
        }
        variables.set(op.out, yield* check(inputs))
        break
      }
      case "sum":
      case "aggregate":
        variables.set(op.out, Combine.concat(all(op.inputs), { role: role(op.out), separator: "\n" }))
        break
      case "add":
        variables.set(op.out, Combine.concat(all([op.left, op.right]), { role: role(op.out), separator: "" }))
        break
      case "zeroGrad":
        gradients = GradientMap.empty
        break
      case "backward":
        gradients = GradientMap.combine(gradients, yield* Backward.run(variable(op.of)))
        for (const [name, one] of variables) {
          said.set(
            name,
            GradientMap.criticism(gradients, one).map(({ text }) => text)
          )
        }
        break
      case "optimizer":
        optimizers.set(op.name, { params: op.params, context: yield* Layer.build(optimizer(op)) })
        break
      case "step": {
        const { params, context } = optimizers.get(op.optimizer)!
        const parameters: Parameters.Any = Object.fromEntries(params.map((name) => [name, variable(name)]))
        const next = yield* Effect.provide(Optimizer.step(parameters, gradients), context)
        for (const name of params) variables.set(name, next[name] as Made)
      }
    }
  }
  const ended: Ended = { variables, judgements, said }
  return ended
}, Effect.scoped)
