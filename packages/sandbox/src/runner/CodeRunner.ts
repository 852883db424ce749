/**
 * Programs nobody has read, run where they can do no harm: a service, and jails that provide it as layers.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Outcome } from "./Outcome.ts"
import type { Language, Program } from "./Program.ts"
import type { SandboxUnavailable } from "./SandboxUnavailable.ts"

/** What a jail does for whoever has a program. */
export interface Service {
  /** What it runs. A layer that looks for its jails late may yet refuse one of them. */
  readonly languages: ReadonlyArray<Language>
  /**
   * One program, from its start to its end. That it crashes, hangs or floods is an outcome and no failure; it fails where
   * there is no jail for its language.
   */
  readonly run: (program: Program) => Effect.Effect<Outcome, SandboxUnavailable>
}

/** Runs programs in a jail. */
export class CodeRunner extends Context.Service<CodeRunner, Service>()("@backprose/sandbox/CodeRunner") {}
