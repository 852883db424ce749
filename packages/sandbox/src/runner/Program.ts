/** A program to run, and what it may take. Plain data. */
import * as Schema from "effect/Schema"

/** What a program is written in. JavaScript and TypeScript as Node reads them: scripts with `require`, or modules. */
export const Language = Schema.Literals(["python", "javascript", "typescript"])
export type Language = typeof Language.Type

/** What a program may take: one struct, with its defaults. */
export interface Limits {
  /** From its start to its end, in milliseconds. */
  readonly wallMillis: number
  /** On a processor, in whole seconds; where the jail can measure it. */
  readonly cpuSeconds: number
  readonly memoryMegabytes: number
  /** Of standard output and of standard error, each, in bytes; a program that writes more is ended. */
  readonly outputBytes: number
  readonly processes: number
  /** What it may write into its own temporary folder, in megabytes. */
  readonly diskMegabytes: number
}

/** What a program may take where nothing else is said. */
export const defaults: Limits = {
  wallMillis: 5000,
  cpuSeconds: 4,
  memoryMegabytes: 512,
  outputBytes: 64 * 1024,
  processes: 16,
  diskMegabytes: 4
}

/** A program: its source, what it reads from standard input, and what it may take besides the defaults. */
export interface Program {
  readonly language: Language
  readonly source: string
  /** Default: nothing. */
  readonly stdin?: string
  readonly limits?: Partial<Limits>
}
