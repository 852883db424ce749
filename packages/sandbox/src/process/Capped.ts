/** The first bytes of what a program writes: the rest is counted for nothing and kept by nobody. */

export interface Capped {
  readonly add: (chunk: Uint8Array) => void
  /** Whether more came than is kept. */
  readonly overflowed: () => boolean
  /** What is kept, as text; a character that was cut in two at the end is left out. */
  readonly text: () => string
}

export const make = (most: number): Capped => {
  const chunks: Array<Uint8Array> = []
  let kept = 0
  let overflowed = false
  return {
    add: (chunk) => {
      const taken = chunk.subarray(0, most - kept)
      overflowed ||= taken.length < chunk.length
      if (taken.length > 0) chunks.push(taken)
      kept += taken.length
    },
    overflowed: () => overflowed,
    text: () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks), { stream: overflowed })
  }
}
