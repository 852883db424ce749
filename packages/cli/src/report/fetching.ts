/**
 * The fetch of an embedded model's weights, on the screen: a bar that is redrawn, or a line each tenth of the way.
 */
import type { Weights } from "@backprose/local"
import * as Effect from "effect/Effect"
import type { Service as Screen } from "../terminal/Screen.ts"
import * as Figures from "./figures.ts"

type OnProgress = NonNullable<Weights.Options["onProgress"]>
type Progress = Parameters<OnProgress>[0]

const cells = 24

const bar = (share: number): string => {
  const full = Math.round(share * cells)
  return `${"█".repeat(full)}${"░".repeat(cells - full)}`
}

const line = ({ _tag, model, source, received, total }: Progress): string => {
  const share = Math.min(1, received / total)
  const percent = `${Math.floor(100 * share)} %`.padStart(5)
  return _tag === "Verifying"
    ? `  ${model}  verifying the checksum`
    : `  ${model}  ${bar(share)} ${percent}  ${Figures.bytes(received)} of ${Figures.bytes(total)}, from ${source}`
}

/** Told of each piece that arrives. */
export const watch = (screen: Screen): OnProgress => {
  let said = ""
  return (progress) => {
    if (screen.live) {
      return Effect.flatMap(screen.columns, (columns) => screen.redraw(line(progress).slice(0, columns - 1)))
    }
    // a checksum alone, of weights that were there already, is no news
    const tenth = `${progress._tag} ${Math.floor((10 * progress.received) / progress.total)}`
    if (progress._tag === "Verifying" || tenth === said) return Effect.void
    said = tenth
    return screen.err(line(progress))
  }
}
