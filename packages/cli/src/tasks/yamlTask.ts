import * as Effect from "effect/Effect"
import { TaskUnreadable } from "../exit/errors.ts"
import type { DataOptions, LoadedTask } from "./LoadedTask.ts"
export const load = (spec: string, _path: string, _options: DataOptions): Effect.Effect<LoadedTask, TaskUnreadable> =>
  Effect.fail(new TaskUnreadable({ message: `${spec}: not yet` }))
