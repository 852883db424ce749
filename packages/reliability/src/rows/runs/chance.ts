/** Chance that a seed decides, for processes that are killed at some moment: the same seed makes the same plan. */
import { createHash } from "node:crypto"

/** A whole number from `least` to `most`. */
export const between = (seed: string, least: number, most: number): number =>
  least + (createHash("sha256").update(seed).digest().readUInt32BE(0) % (most - least + 1))
