/** A program to run, and what it may take. Plain data. */
import * as Schema from "effect/Schema"

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

export const defaults: Limits = {
  wallMillis: 5000,
  cpuSeconds: 4,
  memoryMegabytes: 512,
  outputBytes: 64 * 1024,
  processes: 16,
  diskMegabytes: 4
}

export interface Program {
  readonly language: Language
  readonly source: string
  readonly stdin?: string
  readonly limits?: Partial<Limits>
}
