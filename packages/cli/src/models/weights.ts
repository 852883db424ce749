/** What is known of embedded models without fetching any. */
import { ModelCatalogue, Weights } from "@backprose/local"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Choice from "./Choice.ts"

export interface Known {
  readonly name: string
  readonly title: string
  /** In bytes; of a file of the user's own it is not known. */
  readonly bytes: number | undefined
  /** Where it is, whole and verified; or why it is not there. */
  readonly file: Result.Result<string, string>
}

const look = (name: string, title: string, bytes: number | undefined): Effect.Effect<Known> =>
  Effect.map(Effect.result(Weights.ensure(name, { fetch: false })), (file) => ({
    name,
    title,
    bytes,
    file: Result.mapError(file, ({ tried }) => tried.join("; "))
  }))

/** The models of the catalogue; or the user's own file alone, which takes the place of them all. */
export const all: Effect.Effect<ReadonlyArray<Known>> = Effect.flatMap(Choice.ownFile, (own) =>
  own === undefined
    ? Effect.forEach(ModelCatalogue.all, ({ name, title, licence, bytes }) => look(name, `${title}, ${licence}`, bytes))
    : Effect.map(look(own, "BACKPROSE_MODEL_PATH", undefined), (known) => [known])
)
