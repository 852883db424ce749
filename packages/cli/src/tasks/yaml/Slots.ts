/**
 * Texts with `{names}` in them, as people write prompts in YAML. `{{` and `}}` are braces.
 */
import type { Template } from "@backprose/core"

export type Piece = { readonly text: string } | { readonly slot: string }

const token = /\{\{|\}\}|\{([A-Za-z_][\w.-]*)\}/g

/** The pieces of a text, in order. */
export const parse = (text: string): ReadonlyArray<Piece> => {
  const pieces: Array<Piece> = []
  let at = 0
  for (const found of text.matchAll(token)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) })
    pieces.push(found[1] === undefined ? { text: found[0].slice(1) } : { slot: found[1] })
    at = found.index + found[0].length
  }
  if (at < text.length) pieces.push({ text: text.slice(at) })
  return pieces
}

/** The names in a text, each once. */
export const names = (pieces: ReadonlyArray<Piece>): ReadonlyArray<string> => [
  ...new Set(pieces.flatMap((piece) => ("slot" in piece ? [piece.slot] : [])))
]

type Slot = Template.Template["parts"][number]

/** The text with each name filled in. */
export const fill = (pieces: ReadonlyArray<Piece>, slot: (name: string) => Slot): Template.Template => ({
  parts: pieces.map((piece) => ("slot" in piece ? slot(piece.slot) : piece.text))
})

/** The same where all that goes in is text. */
export const text = (pieces: ReadonlyArray<Piece>, slot: (name: string) => string): string =>
  pieces.map((piece) => ("slot" in piece ? slot(piece.slot) : piece.text)).join("")
