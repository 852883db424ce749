/** The part of the ESLint rule interface that our rules use. */
export interface Node {
  readonly type: string
  readonly parent?: Node | null
  readonly [field: string]: unknown
}

export interface Context {
  readonly report: (problem: { readonly node: Node; readonly message: string }) => void
}

export interface Rule {
  readonly create: (context: Context) => Record<string, (node: Node) => void>
}

/** The name of `x` when the node is the identifier `x`, else nothing. */
export const identifier = (node: unknown): string | undefined => {
  const candidate = node as Node | null | undefined
  return candidate?.type === "Identifier" ? (candidate["name"] as string) : undefined
}
