/**
 * What a run will ask and cost, before it begins: as a range, from a dry pass over one example. It is a guess, and says
 * what it assumes; how long replies are, nobody knows beforehand.
 */
import * as Effect from "effect/Effect"
import type { Identity } from "../model/ModelIdentity.ts"
import type { Models } from "../model/TextModel.ts"
import { asks, Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameters from "../parameter/Parameters.ts"
import type * as Budget from "../policy/Budget.ts"
import * as Price from "../policy/Price.ts"
import { dollars } from "../policy/refusal.ts"
import { Selector } from "../selector/Selector.ts"
import type { Task } from "../task/Task.ts"
import * as DryPass from "./DryPass.ts"
import * as Training from "./Options.ts"
import { runs } from "./screen.ts"

/** From, to. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** Calls, tokens in and out together, and US dollars where the prices of all models are known. */
export interface Sums {
  readonly calls: Range
  readonly tokens: Range
  readonly usd: Range | undefined
}

/** The estimate of a run. Retries, repairs of replies, and summaries of what is too long are not in it. */
export interface Estimate extends Sums {
  /** What each step adds to it. */
  readonly step: Sums
  /** All up to the first proposal that is judged: what a budget must pay for to be of any use. */
  readonly first: Sums
  /** What could not be measured, and what was taken instead. */
  readonly assumed: ReadonlyArray<string>
}

export interface Options extends Training.Options {
  /** Examples that are scored once more before the run, and again after it where something was changed. Default 0. */
  readonly tests: number
  /** Who plays the roles, for the prices. Without them there is no estimate in dollars. */
  readonly models: { readonly [role in DryPass.Role]: Identity }
}

/** English has four to five bytes a token, code and other languages fewer; the bytes are counted generously. */
const bytesPerToken = { low: 5, high: 3 }
/** Tokens of a reply, with what a model may think before it where nothing bounds it. */
const reply = { low: 20, high: 1000 }

/** Some requests, and how often they are made. */
interface Work {
  readonly asked: ReadonlyArray<DryPass.Asked>
  readonly times: Range
}

const range = (low: number, high = low): Range => ({ low, high })

/** A dry pass that got nowhere: one call an example, one of criticism, of a prompt of half a page. */
const usual = (role: DryPass.Role): ReadonlyArray<DryPass.Asked> => [{ role, bytes: 2000, maxOutputTokens: undefined }]

const sum = (
  all: ReadonlyArray<Work>,
  prices: { readonly [role in DryPass.Role]: Price.Price | undefined } | undefined
): Sums => {
  const work = all.filter(({ times }) => times.high > 0)
  const total = (of: (asked: DryPass.Asked, end: "low" | "high") => number): Range => {
    const at = (end: "low" | "high") =>
      work.reduce((sum, { asked, times }) => sum + times[end] * asked.reduce((sum, one) => sum + of(one, end), 0), 0)
    return { low: at("low"), high: at("high") }
  }
  const input = ({ bytes, role }: DryPass.Asked, end: "low" | "high") =>
    // whoever criticises or edits is shown replies, which are longer than those of the stand-in
    Math.ceil(bytes / bytesPerToken[end]) + (role === "forward" ? 0 : reply[end])
  const output = ({ maxOutputTokens }: DryPass.Asked, end: "low" | "high") =>
    Math.min(reply[end], maxOutputTokens ?? Number.POSITIVE_INFINITY)
  const known = prices !== undefined && work.every(({ asked }) => asked.every(({ role }) => prices[role] !== undefined))
  return {
    calls: total(() => 1),
    tokens: total((one, end) => input(one, end) + output(one, end)),
    usd: !known
      ? undefined
      : total((one, end) => {
          const tokens = { inputTokens: input(one, end), cachedInputTokens: 0, outputTokens: output(one, end) }
          return Price.microUsd(prices[one.role]!, tokens) / 1e6
        })
  }
}

/**
 * Estimates `Trainer.fit(task, options)`: low where no step finds anything to improve, high where each step proposes all
 * that it may and all of it is judged. The task's forward pass, metric and loss run once or twice on its first training
 * example, with a stand-in for the models.
 */
export const of = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  options: Partial<Options> = {}
): Effect.fn.Return<Estimate, never, Exclude<R | RB, Models> | Optimizer | Selector> {
  const { evaluates } = yield* Selector
  const optimizer = yield* Optimizer
  const { steps, batchSize, parents, proposals, minibatchGate, repeat, screen, ...others } = Training.complete(options)
  const batch = Math.min(batchSize, Math.max(1, task.train.length))
  const dry = yield* DryPass.run(task)
  const { models } = options
  const prices =
    models === undefined
      ? undefined
      : yield* Effect.all({
          forward: Price.of(models.forward),
          backward: Price.of(models.backward),
          optimizer: Price.of(models.optimizer)
        })

  const failed = dry.problems.length > 0
  const or = (asked: ReadonlyArray<DryPass.Asked>, role: DryPass.Role) =>
    asked.length === 0 && failed ? usual(role) : asked
  const scored = or(dry.scored, "forward")
  const judged = or(dry.judged, "forward")
  const criticised = optimizer.differentiates === false ? [] : or(dry.criticised, "backward")
  // the editor is shown the value and what was said about it: about as much as the critic
  const bytes = dry.criticised.reduce((most, { bytes }) => Math.max(most, bytes), 2000)
  const ask = (role: "backward" | "optimizer"): ReadonlyArray<DryPass.Asked> => [
    { role, bytes, maxOutputTokens: undefined }
  ]
  const all = Parameters.entries(task.parameters).length
  const changing = others.parameters === "all" ? all : Math.min(1, all)
  const asked = (role: "backward" | "optimizer") =>
    Array.from({ length: proposals }, (_, sample) => asks(optimizer, { parameters: changing, sample })[role]).reduce(
      (sum, calls) => sum + parents * calls,
      0
    )

  const tests = options.tests ?? 0
  const validation = evaluates ? task.validation.length * repeat.times : 0
  // all that a step may propose, and what it may take to judge it
  const wide = parents * proposals
  const gated = minibatchGate === "off" ? 0 : wide * batch
  const screened = screen === undefined ? 0 : runs(wide, screen)
  const validated = validation * (screen === undefined ? wide : Math.min(wide, screen.keep))
  const [comparisons, edits] = [asked("backward"), asked("optimizer")]
  const step = (least: 0 | 1): ReadonlyArray<Work> => [
    { asked: judged, times: range(batch, parents * batch + gated) },
    { asked: criticised, times: range(least, parents * batch) },
    { asked: ask("backward"), times: range(0, comparisons) },
    { asked: ask("optimizer"), times: range(Math.min(least, edits), edits) },
    { asked: scored, times: range(least * validation, screened + validated) }
  ]
  const besides: Work = { asked: scored, times: range(tests + validation, 2 * tests + validation) }
  const before: Work = { asked: scored, times: range(tests + validation) }
  const often = ({ asked, times }: Work): Work => ({ asked, times: range(steps * times.low, steps * times.high) })
  const assumed = dry.problems.map((problem) => `a try without a model got no further (${problem})`)
  return {
    ...sum([besides, ...step(0).map(often)], prices),
    step: sum(step(0), prices),
    first: sum([before, ...step(1)], prices),
    assumed: failed ? [...assumed, "what it did not reach is taken to be one call each"] : []
  }
})

/** Why a budget is too small to get as far as one proposal; `undefined` where it may do. */
export const warning = ({ first }: Estimate, limits: Partial<Budget.Limits>): string | undefined => {
  const checks: ReadonlyArray<readonly [number | undefined, Range | undefined, (n: number) => string]> = [
    [limits.calls, first.calls, (n) => `${n.toLocaleString("en")} calls`],
    [limits.tokens, first.tokens, (n) => `${n.toLocaleString("en")} tokens`],
    [limits.usd, first.usd, dollars]
  ]
  for (const [limit, needed, words] of checks) {
    if (limit === undefined || needed === undefined || limit >= needed.low) continue
    return `a budget of ${words(limit)} cannot pay for one proposal and its judgement: that takes about ${words(needed.low)}`
  }
  return undefined
}
