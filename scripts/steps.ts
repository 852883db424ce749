/** The checks in the order they start: the long ones first. */
import type { Step } from "./Step.ts"
import { boundaries } from "./steps/boundaries.ts"
import { cycles } from "./steps/cycles.ts"
import { docs } from "./steps/docs.ts"
import { docstrings } from "./steps/docstrings.ts"
import { links } from "./steps/links.ts"
import { lockfile } from "./steps/lockfile.ts"
import { manifestsStep } from "./steps/manifests.ts"
import { names } from "./steps/names.ts"
import { pack } from "./steps/pack.ts"
import { sizes } from "./steps/sizes.ts"
import { format, lint, types } from "./steps/tools.ts"
import { words } from "./steps/words.ts"

export const steps: ReadonlyArray<Step> = [
  types,
  docs,
  pack,
  lint,
  format,
  boundaries,
  cycles,
  docstrings,
  manifestsStep,
  lockfile,
  names,
  words,
  links,
  sizes
]
