/** Compound systems. */
import type { PromptTask } from "./ReadyTask.ts"

export const all: ReadonlyArray<PromptTask> = []
