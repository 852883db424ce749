/**
 * What a run is going to do, said before the first model call: all settings that decide it.
 */
import * as Allowance from "../models/Allowance.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import * as Objectives from "../strategy/objectives.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import { asTextGrad } from "./asTextGrad.ts"
import * as Figures from "./figures.ts"
import { row } from "./progressLines.ts"

/** What is said before the first model call. */
export const lines = (record: RunRecord, folder: string, style: Style): ReadonlyArray<string> => {
  const { models, settings } = record
  const others = [
    models.backward === models.forward ? "" : `backward ${models.backward}`,
    models.optimizer === models.backward ? "" : `optimizer ${models.optimizer}`,
    models.fallback === undefined ? "" : `fallback ${models.fallback}`
  ].filter((other) => other !== "")
  const plain = (text: string) => Sanitize.line(text)
  const most = Allowance.words(settings)
  return [
    style.bold(`Optimising ${plain(record.task)}`),
    row(
      "model",
      plain([models.forward, ...others, ...(models.baseUrl === undefined ? [] : [`at ${models.baseUrl}`])].join(", "))
    ),
    row("examples", examples(record)),
    ...(settings.initial === undefined ? [] : [row("prompts", `at first those of ${plain(settings.initial)}`)]),
    row(
      "plan",
      `${Figures.of(settings.steps, "step")} of ${Figures.of(settings.batchSize, "example")}, ${settings.optimizer}, ${settings.selector}, seed ${settings.seed}` +
        (most === undefined ? "" : `, at most ${most}`)
    ),
    ...search(settings),
    ...calls(settings),
    row("run", plain(folder)),
    ""
  ]
}

const examples = ({ settings, sizes }: RunRecord): string => {
  const { data, sizes: asked } = settings
  return [
    `${sizes.train} to train`,
    `${sizes.validation} to validate`,
    `${sizes.test} held out for the test`,
    ...(asked === "paper" ? ["as many as in the paper"] : []),
    ...(data === undefined ? [] : [`from ${Sanitize.line(data)}`]),
    ...asTextGrad(settings)
  ].join(", ")
}

/** How wide a step searches, where it is wider than one proposal, and what counts. */
const search = ({
  accept,
  auto,
  copies,
  errorsOnly,
  minibatchGate,
  objectives,
  parameters,
  parents = 1,
  proposals = 1,
  race,
  samples = 1,
  screen,
  temperature
}: RunRecord["settings"]) => {
  const parts = [
    ...(parents === 1 && proposals === 1
      ? []
      : [`${Figures.of(proposals, "proposal")} a step${parents === 1 ? "" : ` for each of ${parents} parents`}`]),
    ...(parameters === undefined ? [] : [`parameters ${parameters}`]),
    ...(errorsOnly === undefined ? [] : ["errors only"]),
    ...(copies === undefined ? [] : [copies === "off" ? "copies not looked for" : "copies dropped"]),
    ...(minibatchGate === undefined ? [] : [`minibatch gate ${minibatchGate}`]),
    ...(screen === undefined ? [] : [`the best ${screen} validated`]),
    ...(race === undefined ? [] : [`validation in ${race} rounds`]),
    ...(accept === undefined ? [] : [`accepts ${accept}`]),
    ...(samples === 1 ? [] : [`${samples} tries an example of validation and test`]),
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(objectives === undefined ? [] : [`objective ${Objectives.render(objectives)}`]),
    ...(auto === undefined ? [] : [`by --auto ${auto}`])
  ]
  return parts.length === 0 ? [] : [row("search", parts.join(", "))]
}

/** How models are asked, where it was said. */
const calls = ({ cache, onFailure }: RunRecord["settings"]) => {
  const parts = [
    ...(cache === true ? ["replies shared with other runs by the cache"] : []),
    ...(onFailure === undefined ? [] : [`an example that fails: ${onFailure}`])
  ]
  return parts.length === 0 ? [] : [row("calls", parts.join(", "))]
}
