/**
 * One optimisation with everything decided: the task, the settings, the models.
 */
import { Demonstrations, Evaluation, Parameters, Trainer } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { OptionInvalid } from "../exit/errors.ts"
import * as Allowance from "../models/Allowance.ts"
import * as BaseUrl from "../models/BaseUrl.ts"
import type * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import * as ModelName from "../models/ModelName.ts"
import type { RunRecord, Settings } from "../run/RunRecord.ts"
import * as effort from "../strategy/effort.ts"
import type { choices, copies, gates } from "../strategy/flags.ts"
import * as optimizers from "../strategy/optimizers.ts"
import * as selectors from "../strategy/selectors.ts"
import { unused } from "../strategy/unused.ts"
import type { LoadedTask } from "../tasks/LoadedTask.ts"

/** As given on the command line; what is left out is decided by the task and the models. */
export interface Given extends Allowance.Given {
  readonly optimizer: Settings["optimizer"]
  readonly selector: Settings["selector"] | undefined
  readonly auto?: Settings["auto"] | undefined
  readonly steps: number | undefined
  readonly batch: number | undefined
  readonly parents?: number | undefined
  readonly proposals?: number | undefined
  readonly screen?: number | undefined
  readonly race?: number | undefined
  readonly parameters?: (typeof choices)[number] | undefined
  readonly errorsOnly?: boolean | undefined
  readonly copies?: (typeof copies)[number] | undefined
  readonly minibatchGate?: (typeof gates)[number] | undefined
  readonly accept?: Settings["accept"] | undefined
  readonly samples?: number | undefined
  readonly temperature?: number | undefined
  readonly objective?: Settings["objectives"] | undefined
  readonly concurrency: number | undefined
  readonly seed: number
  readonly onFailure: Settings["onFailure"] | undefined
  readonly cache?: boolean | undefined
  readonly initial?: string | undefined
  readonly limit: number | undefined
  readonly sizes?: Settings["sizes"] | undefined
  readonly data?: string | undefined
  readonly order?: Settings["order"] | undefined
  readonly scoring?: Settings["scoring"] | undefined
}

export interface Plan {
  readonly run: string
  readonly loaded: LoadedTask
  readonly choice: Choice.Choice
  readonly settings: Settings
}

/** Who decides: without a validation set nothing can be gated. */
const decider = ({ task }: LoadedTask, { optimizer, selector }: Pick<Given, "optimizer" | "selector">) =>
  selector ?? (task.validation.length > 0 ? optimizers.entries[optimizer].selector : "latest")

/** Refuses what the trainer would refuse, and what would be of no effect, before the held-out test has cost anything. */
export const check = Effect.fnUntraced(function* (
  loaded: LoadedTask,
  given: Given
): Effect.fn.Return<void, Evaluation.EmptyDataset | OptionInvalid> {
  const { task } = loaded
  const { optimizer, selector } = given
  const idle = unused(given, {
    selector: decider(loaded, given),
    readsCriticism: yield* optimizers.readsCriticism(optimizer)
  })
  if (idle !== undefined) return yield* new OptionInvalid({ message: idle })
  const missing =
    task.train.length === 0
      ? "has no training examples: there is nothing to learn from"
      : selector !== undefined && selectors.evaluates(selector) && task.validation.length === 0
        ? `has no validation examples for --selector ${selector}: give some, or take --selector latest`
        : optimizer === "bootstrap" &&
            !Parameters.entries(task.parameters).some(({ origin }) => Demonstrations.isOf(origin))
          ? "has no parameter of demonstrations, and --optimizer bootstrap proposes nothing else"
          : undefined
  if (missing !== undefined) return yield* new Evaluation.EmptyDataset({ message: `task "${task.name}" ${missing}` })
})

export const make = (run: string, loaded: LoadedTask, choice: Choice.Choice, given: Given): Plan => {
  const { task, defaults } = loaded
  const suited = optimizers.entries[given.optimizer]
  const selector = decider(loaded, given)
  const preset = given.auto === undefined ? undefined : effort.presets[given.auto]
  const steps = given.steps ?? preset?.steps ?? defaults.steps ?? Trainer.defaults.steps
  const batchSize = given.batch ?? preset?.batch ?? defaults.batchSize ?? Trainer.defaults.batchSize
  const { parents, proposals, screen } = effort.width(selector, given)
  const gate = given.minibatchGate ?? suited.minibatchGate ?? "off"
  return {
    run,
    loaded,
    choice,
    settings: {
      optimizer: given.optimizer,
      selector,
      steps,
      batchSize: Math.min(batchSize, Math.max(1, task.train.length)),
      ...(parents === 1 ? {} : { parents }),
      ...(proposals === 1 ? {} : { proposals }),
      ...(gate === "off" ? {} : { minibatchGate: gate }),
      ...(screen === 0 ? {} : { screen }),
      ...(given.race === undefined || given.race === 1 ? {} : { race: given.race }),
      ...(given.parameters === undefined || given.parameters === "all" ? {} : { parameters: given.parameters }),
      ...(given.errorsOnly === true ? { errorsOnly: true } : {}),
      ...(given.copies === undefined || given.copies === "warn" ? {} : { copies: given.copies }),
      ...(given.accept === undefined ? {} : { accept: given.accept }),
      ...(given.samples === undefined || given.samples === 1 ? {} : { samples: given.samples }),
      ...(given.temperature === undefined ? {} : { temperature: given.temperature }),
      ...(given.objective === undefined ? {} : { objectives: given.objective }),
      ...(given.auto === undefined ? {} : { auto: given.auto }),
      concurrency: given.concurrency ?? models.concurrency(choice),
      seed: given.seed,
      ...(given.onFailure === undefined ? {} : { onFailure: given.onFailure }),
      ...Allowance.of(given),
      ...(given.cache === true ? { cache: true } : {}),
      ...(given.initial === undefined ? {} : { initial: given.initial }),
      ...(given.limit === undefined ? {} : { limit: given.limit }),
      ...(given.sizes === undefined ? {} : { sizes: given.sizes }),
      ...(given.data === undefined ? {} : { data: given.data }),
      ...(given.order === undefined ? {} : { order: given.order }),
      ...(given.scoring === undefined ? {} : { scoring: given.scoring })
    }
  }
}

/** The record of a run that has just begun, in a folder. */
export const record = Effect.fnUntraced(function* (
  { run, loaded, choice, settings }: Plan,
  folder: string,
  startedAt: number
): Effect.fn.Return<RunRecord, never, Path.Path> {
  const path = yield* Path.Path
  const { task, spec } = loaded
  const initial = Parameters.save(task.parameters)
  return {
    _tag: "RunRecord",
    version: 1,
    run,
    task: spec,
    from: path.relative(path.resolve(folder), path.resolve(".")),
    status: "running",
    startedAt,
    elapsedMs: 0,
    settings,
    models: {
      forward: ModelName.render(choice.forward),
      backward: ModelName.render(choice.backward),
      optimizer: ModelName.render(choice.optimizer),
      ...(choice.fallback === undefined ? {} : { fallback: ModelName.render(choice.fallback) }),
      ...(choice.baseUrl === undefined ? {} : { baseUrl: BaseUrl.shown(choice.baseUrl) })
    },
    sizes: { train: task.train.length, validation: task.validation.length, test: task.test.length },
    candidate: 0,
    initial,
    best: initial,
    usage: { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
  }
})
