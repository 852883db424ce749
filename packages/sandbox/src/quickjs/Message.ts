/** What is said between us and the thread that QuickJS runs in. */
import type { Language } from "../runner/Program.ts"

/** A program to run. */
export interface Order {
  readonly language: Language
  readonly source: string
  readonly stdin: string
  readonly memoryBytes: number
  readonly outputBytes: number
}

export type Reply =
  /** It stands by for a program. */
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Wrote"; readonly to: "stdout" | "stderr"; readonly text: string }
  | { readonly _tag: "Exited"; readonly code: number }
  | { readonly _tag: "Killed"; readonly because: "memory" | "output" }
