/**
 * Compiled grammars of one engine, kept by their text: a shape is compiled once, however many replies it constrains.
 */
import { TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { LlamaGrammar } from "node-llama-cpp"
import type { Expression } from "../grammar/Expression.ts"
import * as Gbnf from "../grammar/Gbnf.ts"
import type { Loaded } from "./Llama.ts"

export type Compile = (shape: Expression) => Effect.Effect<LlamaGrammar, TextModelError.InvalidRequest>

// a reply is recompiled where fixed text was skipped: a handful of rests a shape
const kept = 256

export const make = ({ llama }: Loaded): Compile => {
  const compiled = new Map<string, LlamaGrammar>()
  return (shape) =>
    Effect.suspend(() => {
      const grammar = Gbnf.render(shape)
      const known = compiled.get(grammar)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.tryPromise({
        try: () => llama.createGrammar({ grammar }),
        catch: (cause) =>
          new TextModelError.InvalidRequest({
            message: `The embedded engine cannot hold replies to this shape: ${cause}`
          })
      }).pipe(
        Effect.tap((made) => {
          if (compiled.size >= kept) compiled.delete(compiled.keys().next().value!)
          compiled.set(grammar, made)
          return Effect.void
        })
      )
    })
}
