/**
 * How much a run does where nobody says it in numbers: steps, examples a step and proposals, by three sizes. Where calls
 * are limited, the steps are as many as the limit pays for.
 */
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
