/**
 * YAML as a value whose every part knows the line it stands on, so that an error can name it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { type Document, isNode, LineCounter, parseDocument } from "yaml"
import { TaskUnreadable } from "../../exit/errors.ts"
import { words } from "./words.ts"

export interface Located<A> {
  readonly value: A
  /** An error about the part at a path, with its file, line and name. */
  readonly refuse: (path: ReadonlyArray<PropertyKey>, problem: string) => TaskUnreadable
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Reads a text as YAML of a schema; fields that the schema does not know are refused. */
export const read = Effect.fnUntraced(function* <A>(
  file: string,
  text: string,
  schema: Schema.Codec<A, unknown>
): Effect.fn.Return<Located<A>, TaskUnreadable> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const refuse = (path: ReadonlyArray<PropertyKey>, problem: string) => {
    const line = lineOf(document, lines, path)
    const field = path.length === 0 ? "" : `field "${path.join(".")}": `
    return new TaskUnreadable({ message: `${file}${line === undefined ? "" : `:${line}`}: ${field}${problem}` })
  }
  const [broken] = document.errors
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0])
    return yield* new TaskUnreadable({ message: `${file}:${line}: this is no YAML: ${broken.message}` })
  }
  // aliases that multiply without end are refused by exception
  const json = yield* Effect.try({
    try: () => document.toJS() as unknown,
    catch: (cause) => refuse([], `this YAML cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  })
  const decoded = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })(json)
  if (Result.isSuccess(decoded)) return { value: decoded.success, refuse }
  const [issue] = format(decoded.failure.issue).issues
  const path = (issue?.path ?? []).map((part) => (typeof part === "object" ? part.key : part))
  return yield* refuse(path, words(issue?.message ?? "is not as it should be"))
})

/** The line of the innermost part of a path that is there. */
const lineOf = (document: Document, lines: LineCounter, path: ReadonlyArray<PropertyKey>): number | undefined => {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return undefined
}
