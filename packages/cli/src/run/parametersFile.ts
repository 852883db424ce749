/** Saved parameters, `parameters.json` of a run, back into a task. */
import { Parameters } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { FileUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"

export const load = Effect.fnUntraced(function* <P extends Parameters.Any>(parameters: P, file: string) {
  const fs = yield* FileSystem.FileSystem
  const unreadable = (why: string) => new FileUnreadable({ message: `${file}: ${why}` })
  const text = yield* Effect.mapError(fs.readFileString(file), (error) =>
    unreadable(`cannot be read: ${fileProblem(error)}`)
  )
  const json = yield* Effect.try({
    try: () => JSON.parse(text) as unknown,
    catch: (cause) => unreadable(`is no JSON: ${cause instanceof Error ? cause.message : cause}`)
  })
  return yield* Effect.mapError(Parameters.load(parameters, json), ({ message }) => unreadable(message))
})
