/**
 * A snapshot as a picture: Mermaid for pages, DOT for GraphViz. Data flows along the arrows; feedback, where asked for,
 * hangs on the variable it is about.
 */
import type { Feedback } from "./Feedback.ts"
import type { Node, Snapshot, Value } from "./Snapshot.ts"

/** How a graph is drawn; what is left out has the default. */
export interface Options {
  /** Characters of a value, or of a piece of feedback, that are shown. Default 120. */
  readonly limit: number
  /** Whether the feedback in the snapshot is drawn. Default no. */
  readonly feedback: boolean
  /** Down the page, or from left to right. Default down. */
  readonly direction: "down" | "right"
}

const defaults: Options = { limit: 120, feedback: false, direction: "down" }

type Look = "constant" | "parameter" | "operation" | "loss" | "feedback"

interface Box {
  readonly id: string
  readonly look: Look
  readonly lines: ReadonlyArray<string>
}

interface Arrow {
  readonly from: string
  readonly to: string
  readonly dashed: boolean
}

interface Drawing {
  readonly boxes: ReadonlyArray<Box>
  readonly arrows: ReadonlyArray<Arrow>
  readonly options: Options
}

// the same five colours in both formats; text stays black on them
const colours: { readonly [look in Look]: readonly [fill: string, line: string] } = {
  constant: ["#f4f4f5", "#a1a1aa"],
  parameter: ["#dbeafe", "#2563eb"],
  operation: ["#ffffff", "#52525b"],
  loss: ["#fee2e2", "#dc2626"],
  feedback: ["#fef9c3", "#ca8a04"]
}

const mermaidShapes: { readonly [look in Look]: readonly [open: string, close: string] } = {
  constant: ["[", "]"],
  parameter: ["([", "])"],
  operation: ["(", ")"],
  loss: ["{{", "}}"],
  feedback: [">", "]"]
}

const dotShapes: { readonly [look in Look]: string } = {
  constant: 'shape=box, style="filled"',
  parameter: 'shape=box, style="filled,rounded,bold"',
  operation: 'shape=box, style="filled,rounded"',
  loss: 'shape=hexagon, style="filled"',
  feedback: 'shape=note, style="filled"'
}

/** A Mermaid flowchart. */
export const mermaid = (snapshot: Snapshot, options: Partial<Options> = {}): string => {
  const { boxes, arrows, options: settings } = drawing(snapshot, options)
  const looks = [...new Set(boxes.map(({ look }) => look))]
  return [
    `flowchart ${settings.direction === "down" ? "TD" : "LR"}`,
    ...boxes.map(({ id, look, lines }) => {
      const [open, close] = mermaidShapes[look]
      return `  ${id}${open}"${lines.map(mermaidText).join("<br/>")}"${close}`
    }),
    ...arrows.map(({ from, to, dashed }) => `  ${from} ${dashed ? "-.->" : "-->"} ${to}`),
    ...looks.flatMap((look) => [
      `  classDef ${look} fill:${colours[look][0]},stroke:${colours[look][1]},color:#18181b`,
      `  class ${ids(boxes, look).join(",")} ${look}`
    ]),
    ""
  ].join("\n")
}

/** A GraphViz digraph. */
export const dot = (snapshot: Snapshot, options: Partial<Options> = {}): string => {
  const { boxes, arrows, options: settings } = drawing(snapshot, options)
  return [
    "digraph {",
    `  rankdir=${settings.direction === "down" ? "TB" : "LR"}`,
    '  node [fontname="Helvetica", fontsize=11]',
    ...boxes.map(({ id, look, lines }) => {
      const [fill, line] = colours[look]
      const label = lines.flatMap(wrap).map(dotText).join("\\n")
      return `  ${id} [label="${label}", ${dotShapes[look]}, fillcolor="${fill}", color="${line}"]`
    }),
    ...arrows.map(({ from, to, dashed }) => `  ${from} -> ${to}${dashed ? " [style=dashed]" : ""}`),
    "}",
    ""
  ].join("\n")
}

const drawing = (snapshot: Snapshot, given: Partial<Options>): Drawing => {
  const options = { ...defaults, ...given }
  const boxes: Array<Box> = []
  const arrows: Array<Arrow> = []
  snapshot.nodes.forEach((node, i) => {
    const id = `n${i}`
    boxes.push({ id, look: lookOf(node), lines: linesOf(node, options.limit) })
    for (const input of node.inputs) arrows.push({ from: `n${input}`, to: id, dashed: node.differentiable === false })
  })
  if (options.feedback) {
    snapshot.nodes.forEach(({ feedback = [] }, i) => {
      const lines = feedback.flatMap((one) => said(one, options.limit))
      if (lines.length === 0) return
      boxes.push({ id: `f${i}`, look: "feedback", lines })
      arrows.push({ from: `f${i}`, to: `n${i}`, dashed: true })
    })
  }
  return { boxes, arrows, options }
}

const ids = (boxes: ReadonlyArray<Box>, look: Look) => boxes.filter((box) => box.look === look).map(({ id }) => id)

// losses are operations like others; by convention their names say so
const lookOf = ({ kind, name }: Node): Look => (kind === "operation" && name?.endsWith("Loss") ? "loss" : kind)

const linesOf = (node: Node, limit: number): ReadonlyArray<string> => [
  ...shorten(node.name === undefined ? node.role : `${node.name}: ${node.role}`, limit),
  ...shorten(textOf(node.value), limit)
]

const textOf = (value: Value): string => {
  switch (value._tag) {
    case "Json":
      return JSON.stringify(value.json)
    case "Image":
      return value.url.startsWith("data:") ? `[image ${value.mediaType}]` : `[image ${value.url}]`
    default:
      return value.text
  }
}

const said = (feedback: Feedback, limit: number): ReadonlyArray<string> => {
  if (feedback._tag === "Objective") return []
  const score = feedback.score === undefined ? "" : ` (${Number(feedback.score.toFixed(3))})`
  return [`from ${feedback.from}${score}:`, ...shorten(feedback.text, limit)]
}

/** The lines of a text up to `limit` characters, never through the middle of one; how long it was, where that is more. */
const shorten = (text: string, limit: number): ReadonlyArray<string> => {
  const characters = Array.from(text.slice(0, 2 * limit + 2))
  const shown = characters.length <= limit ? text : characters.slice(0, limit).join("")
  const more = shown.length < text.length ? `… (${text.length} characters)` : ""
  return `${shown}${more}`.split(/\r\n|[\n\r\u2028\u2029]/)
}

/** GraphViz does not break lines itself. */
const wrap = (line: string): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let rest = Array.from(line)
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width)
    const end = space > 0 ? space : width
    lines.push(rest.slice(0, end).join(""))
    rest = rest.slice(space > 0 ? end + 1 : end)
  }
  return [...lines, rest.join("")]
}

const width = 48

// characters that no picture can show
const unseen = /[\p{Cc}\p{Cs}]/gu
const visible = (text: string): string => text.replaceAll(/\t/g, "  ").replaceAll(unseen, "\uFFFD")

// nothing but letters, digits and harmless signs stays as it is: Mermaid has directives, Markdown and HTML in labels, and
// takes a label that begins like a list for one; ﬂ and ß are its own marks for entities
const special = /[^\p{L}\p{M}\p{N} .,!?'()/=+…-]|[ﬂß]|^[-+]|(?<=^\d+)[.)]/gu
const mermaidText = (text: string): string => visible(text).replaceAll(special, (sign) => `#${sign.codePointAt(0)};`)

// GraphViz reads HTML entities in plain labels too
const dotText = (text: string): string => visible(text).replaceAll(/[\\"]/g, "\\$&").replaceAll("&", "&amp;")
