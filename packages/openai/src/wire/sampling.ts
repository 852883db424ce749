/**
 * Sampling options that came with the call under way, from `CurrentSampling` of Backprose's core.
 */
import type { CurrentSampling } from "@backprose/core"

/** What the context says about how to draw this reply. */
export type Sampling = CurrentSampling

/**
 * The seed to send: sample 0 is drawn with the seed as it is, each further sample with one of its own, so that asking the
 * same thing five times for a vote gives five draws, and the same five again. At most 31 bits.
 */
export const seed = (sampling: Sampling): number | undefined => {
  if (sampling.seed === undefined || sampling.sample === 0) return sampling.seed
  // a mix with full avalanche, not a sum: seed 1 with sample 1 must not be seed 2 with sample 0
  let mixed = Math.imul(sampling.seed ^ Math.imul(sampling.sample, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) & 0x7fffffff
}
