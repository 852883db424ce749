/** How much a run does where nobody says it in numbers: steps, examples a step and proposals, by three sizes. */
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
