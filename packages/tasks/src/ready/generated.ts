/** What tasks have in common whose examples are made and not read. */
import { because, type SourceUnavailable } from "../source/SourceUnavailable.ts"
import type { About } from "./ReadyTask.ts"

export const own: About["data"] = { source: "own seeded generator", licence: "MIT" }

/** For a task that was given data all the same. */
export const readsNothing = (name: string, data: string): SourceUnavailable =>
  because(data, `"${name}" makes its examples itself, from the seed`, "Leave out --data")
