/** All tasks that come with Backprose. */
import { agents } from "./agents.ts"
import { coders } from "./coders.ts"
import { programs } from "./programs.ts"
import { puzzles } from "./puzzles.ts"
import { questions } from "./questions.ts"
import type { PromptTask, ReadyTask, SolutionTask } from "./ReadyTask.ts"

/** Those whose prompts are trained: `backprose optimize`. */
export const prompts: ReadonlyArray<PromptTask> = [...puzzles, ...coders, ...agents]

/** Those whose answers are improved one by one: `backprose solve`. */
export const solutions: ReadonlyArray<SolutionTask> = [...questions, ...programs]

/** Every ready task. A data set may be in two of them, under one name. */
export const all: ReadonlyArray<ReadyTask> = [...prompts, ...solutions]

/** The ready task of this name whose prompts are trained, for example `triage`. */
export const prompt = (name: string): PromptTask | undefined => prompts.find((task) => task.name === name)

/** The ready task of this name whose answers are improved, for example `word-problems`. */
export const solution = (name: string): SolutionTask | undefined => solutions.find((task) => task.name === name)
