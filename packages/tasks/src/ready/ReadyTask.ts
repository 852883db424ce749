/**
 * A task that comes with Backprose: where its data comes from, what is measured, and how it is made.
 */
import type { BackwardModel, Dataset, ModelRoles, Task } from "@backprose/core"
import type { CodeRunner } from "@backprose/sandbox"
import type * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Gap from "../coding/Gap.ts"
import type { Failure } from "../coding/Method.ts"
import type { Sizes } from "../shuffle/Sizes.ts"
import type { SourceUnavailable } from "../source/SourceUnavailable.ts"
import type { Study } from "../study/Study.ts"

/** A task that asks models, whatever its parameters, examples and outputs are. */
export type AnyTask = Task.Task<any, any, any, any, ModelRoles | CodeRunner, BackwardModel>

/** A study that asks models, and may run programs. */
export type AnyStudy = Study<any, Failure, ModelRoles | CodeRunner>

/** What is known of a task without making it. */
export interface About {
  readonly name: string
  readonly application: "prompt optimisation" | "question answering" | "code" | "compound system"
  /** One line: what the model has to do. */
  readonly summary: string
  /** Where the examples come from, and under which licence. */
  readonly data: { readonly source: string; readonly licence: string }
  readonly metric: string
  /** What the paper reports, with the models it used. */
  readonly paper?: string
  /** What was measured here, with which model; `docs/results.md` has the intervals. */
  readonly ours?: string
  /** Whether TextGrad has the task, and so a scoring of its own for it. */
  readonly isTextGrads?: boolean
}

/** A file, a folder, a URL or a hub id in place of the task's own source. */
export interface DataOptions {
  readonly seed: number
  readonly data?: string | undefined
  /** How what is read is ordered: soundly, by the seed (the default), or as TextGrad does, to compare with its figures. */
  readonly order?: "sound" | "textgrad" | undefined
}

/** What any task is made with. */
export interface MakeOptions extends DataOptions {
  /** How replies are given and scored: exactly (the default), or as TextGrad does where the task is one of its own. */
  readonly scoring?: "exact" | "textgrad" | undefined
}

/** Why a task cannot be made: its data is not to be had, or not what it should be. */
export type Unreadable = Dataset.DatasetError | SourceUnavailable

/** Its prompts are optimised over a training set. */
export interface PromptTask extends About {
  readonly kind: "prompt"
  /** What a run takes by default: minutes of the embedded model on two cores, half an hour where replies are long. */
  readonly defaults: { readonly sizes: Sizes; readonly steps: number; readonly batchSize: number }
  /** The sizes of the paper's protocol, where TextGrad has the task. */
  readonly paperSizes?: Sizes
  /** The task with examples of a seed; the sets never share an example. */
  readonly make: (sizes: Sizes, options: MakeOptions) => Effect.Effect<AnyTask, Unreadable, FileSystem.FileSystem>
}

/** What a study is made with. */
export interface StudyOptions extends MakeOptions {
  /** Questions at most. */
  readonly limit: number
  /** Of each answer; the other methods get as many calls. */
  readonly updates: number
  /** The longest reasoning of a reply, in characters, where a model has little room. Default: the task's own. */
  readonly reasoning?: number | undefined
}

/** Its answers are optimised, one question at a time. */
export interface SolutionTask extends About {
  readonly kind: "solution"
  /** Whether its authors ask that the questions are not copied: nothing of a study is kept unless a folder is named. */
  readonly isConfidential?: boolean
  readonly defaults: { readonly limit: number; readonly updates: number }
  /** Of code: how far answers that pass the tests which methods see pass the hidden ones too. */
  readonly gap?: typeof Gap.lines
  readonly make: (options: StudyOptions) => Effect.Effect<AnyStudy, Unreadable, FileSystem.FileSystem>
}

export type ReadyTask = PromptTask | SolutionTask
