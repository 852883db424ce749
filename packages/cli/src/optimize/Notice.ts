/**
 * What an optimisation tells while it runs: the trainer's events, and the scores on the held-out test set before and after.
 */
import type { Event, Example } from "@backprose/core"

export type When = "before" | "after"

export type Notice =
  | Event.Event
  | { readonly _tag: "TestStarted"; readonly when: When; readonly total: number }
  | { readonly _tag: "Tested"; readonly when: When; readonly result: Example.Result }
  | { readonly _tag: "TestFinished"; readonly when: When; readonly summary: Event.Summary | undefined }

/** Whether it is the trainer's. */
export const isEvent = (notice: Notice): notice is Event.Event =>
  notice._tag !== "TestStarted" && notice._tag !== "Tested" && notice._tag !== "TestFinished"
