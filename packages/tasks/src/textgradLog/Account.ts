/**
 * What a log of TextGrad tells, in its order: who was asked what, what was said of which variable, what became of it.
 */
import type { LogRecord } from "./LogRecord.ts"

/** Something that was asked: a model, or a function of the program. What the log does not have is absent. */
export interface Call {
  /** `reduce` condenses several pieces of feedback; `function` asks no model. */
  readonly kind: "forward" | "function" | "backward" | "reduce" | "optimizer"
  /** Where its reply stands in the log, or its prompt where nothing was answered. */
  readonly line: number
  readonly at: number
  /** Of the variable that is criticised or updated. */
  readonly role?: string
  readonly system?: string
  readonly prompt?: string
  readonly response?: string
  /** The log has the parts of a forward call in one text, and this one can be cut up in other places as well. */
  readonly isAmbiguous?: true
}

/** Feedback on a variable, as it was handed on to it. */
export interface Said {
  readonly line: number
  readonly text: string
  /** Who said it, in words. */
  readonly from: string
  /** Of the variable; absent where the log does not say. */
  readonly role?: string
}

/** A new value of a variable. */
export interface Update {
  readonly line: number
  /** The line of the optimizer's prompt. */
  readonly asked: number
  /** When the optimizer was asked. */
  readonly at: number
  readonly thread: string
  /** From 1. Variables that one step of an optimizer updates have the same. */
  readonly step: number
  readonly role: string
  /** The value before, as the optimizer saw it: see `Shortened`. */
  readonly shown: string
  readonly after: string
  readonly prompt: string
  readonly reply: string
}

/** A reply of the optimizer without a new value: TextGrad ends there, unless its program goes on. */
export interface Failure {
  readonly line: number
  readonly at: number
  readonly step: number
  readonly role: string
}

/** A whole log. */
export interface Account {
  /** How many records it has. */
  readonly records: number
  /** Milliseconds since 1970, of the first record and of the last. */
  readonly startedAt: number
  readonly endedAt: number
  readonly lastLine: number
  readonly calls: ReadonlyArray<Call>
  readonly said: ReadonlyArray<Said>
  readonly updates: ReadonlyArray<Update>
  readonly failures: ReadonlyArray<Failure>
  /** The optimizer with momentum was at work. */
  readonly momentum: boolean
  /** Records that mean nothing to this version, as they are. */
  readonly unknown: ReadonlyArray<LogRecord>
  /** The last line where it was cut off, as that of a process that was killed. */
  readonly torn?: number
}
