/**
 * A request as the fault server received it.
 */
export interface Received {
  /** Counts from 0, in the order of arrival. */
  readonly index: number
  readonly api: "chat" | "responses" | "models" | "unknown"
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The body as text. */
  readonly text: string
  /** The body decoded from JSON; `undefined` when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it freely
  readonly body: any
  readonly model: string | undefined
  readonly stream: boolean
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const apis: ReadonlyMap<string | undefined, Received["api"]> = new Map([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/models", "models"]
])

/** @internal */
export const make = (
  index: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>,
  text: string
): Received => {
  const body = parse(text) as { readonly model?: unknown; readonly stream?: unknown } | undefined
  return {
    index,
    api: apis.get(path.split("?")[0]) ?? "unknown",
    method,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? "")])),
    text,
    body,
    model: typeof body?.model === "string" ? body.model : undefined,
    stream: body?.stream === true
  }
}
