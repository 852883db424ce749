/**
 * A bound on the size of replies for models that have none of their own: what a model says is kept, quoted and sent on
 * many times over.
 */
import * as Effect from "effect/Effect"
import { decorated, type Service } from "../model/Service.ts"
import { ReplyTooLarge } from "../model/TextModelError.ts"

/** In characters, as many as the bytes that a hosted model's client reads at most: 16 Mi. */
export const defaultLimit = 16 * 1024 * 1024

/** A model whose longer replies fail with `ReplyTooLarge`, after they came. */
export const limited =
  (characters: number = defaultLimit) =>
  (model: Service): Service =>
    decorated(model, (request) =>
      Effect.flatMap(model.complete(request), (completion) =>
        completion.text.length <= characters
          ? Effect.succeed(completion)
          : Effect.fail(
              new ReplyTooLarge({
                message: `the reply is larger than ${characters} characters: it has ${completion.text.length}`,
                usage: completion.usage
              })
            )
      )
    )
