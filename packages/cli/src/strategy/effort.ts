/**
 * How much a run does where nobody says it in numbers: steps, examples a step and proposals, by three sizes. Where calls
 * are limited, the steps are as many as the limit pays for.
 */
import * as optimizers from "./optimizers.ts"
import { keepsSeveral, type Name } from "./selectors.ts"

export const names = ["light", "medium", "heavy"] as const
export type Effort = (typeof names)[number]

export interface Preset {
  readonly steps: number
  readonly batch: number
  readonly proposals: number
  /** With a selector that keeps several. */
  readonly parents: number
}

export const presets: { readonly [effort in Effort]: Preset } = {
  light: { steps: 6, batch: 4, proposals: 1, parents: 1 },
  medium: { steps: 15, batch: 6, proposals: 2, parents: 1 },
  heavy: { steps: 40, batch: 8, proposals: 4, parents: 2 }
}

export interface Sizes {
  readonly validation: number
  readonly test: number
}

/** What a preset means for a run. `maxCalls`: of the whole command; a model call an example is taken for granted. */
export const of = (
  effort: Effort,
  {
    selector,
    sizes,
    maxCalls
  }: { readonly selector: Name; readonly sizes: Sizes; readonly maxCalls: number | undefined }
): Preset => {
  const preset = presets[effort]
  const parents = keepsSeveral(selector) ? preset.parents : 1
  const validation = selector === "latest" ? 0 : sizes.validation
  // forward, backward; then each proposal, and what it takes to judge it
  const aStep = parents * (2 * preset.batch + preset.proposals * (1 + validation))
  const besides = 2 * sizes.test + validation
  const affordable = maxCalls === undefined ? preset.steps : Math.floor((maxCalls - besides) / aStep)
  return { ...preset, parents, steps: Math.max(1, Math.min(preset.steps, affordable)) }
}

/** What says how wide a step searches. */
export interface Given {
  readonly optimizer: optimizers.Name
  readonly auto?: Effort | undefined
  readonly parents?: number | undefined
  readonly proposals?: number | undefined
  readonly screen?: number | undefined
}

/** How wide a step searches; `screen`: how many of its proposals are validated, 0: all of them. */
export const width = (
  selector: Name,
  { auto, optimizer, ...given }: Given
): { readonly parents: number; readonly proposals: number; readonly screen: number } => {
  const suited = optimizers.entries[optimizer]
  const preset = auto === undefined ? undefined : presets[auto]
  const most = (name: "parents" | "proposals") => given[name] ?? Math.max(preset?.[name] ?? 1, suited[name] ?? 1)
  // whoever keeps one can extend one
  const parents = keepsSeveral(selector) ? most("parents") : 1
  const proposals = most("proposals")
  const screen = given.screen ?? suited.screen ?? 0
  return { parents, proposals, screen: screen < parents * proposals ? screen : 0 }
}
