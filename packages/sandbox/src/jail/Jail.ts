/**
 * The usual choice: bubblewrap for all that it can run here; QuickJS for JavaScript and TypeScript where bubblewrap is not to
 * be had. Python without bubblewrap is refused. Never without a jail.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Bubblewrap from "../bubblewrap/Bubblewrap.ts"
import * as QuickJs from "../quickjs/QuickJs.ts"
import { CodeRunner } from "../runner/CodeRunner.ts"
import * as Programs from "../runner/Program.ts"

export interface Options {
  readonly bubblewrap?: Bubblewrap.Options
  readonly quickjs?: QuickJs.Options
}

/**
 * Programs run in the best jail there is for them. Jails are looked for when the first program comes: what runs no programs
 * starts nothing. So `languages` is what this may run, and `run` may still refuse, and says what to install.
 */
export const layer = (options: Options = {}): Layer.Layer<CodeRunner> =>
  Layer.effect(
    CodeRunner,
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      // whoever asked first may be interrupted; those who wait with him are not
      const once = <E>(layer: Layer.Layer<CodeRunner, E>) =>
        Layer.buildWithScope(layer, scope).pipe(
          Effect.map((services) => Context.get(services, CodeRunner)),
          Effect.uninterruptible,
          Effect.result,
          Effect.cached
        )
      const bubblewrap = yield* once(Bubblewrap.layer(options.bubblewrap))
      const quickjs = yield* once(QuickJs.layer(options.quickjs))
      return {
        languages: Programs.Language.literals,
        run: (program) =>
          Effect.flatMap(bubblewrap, (found) => {
            const works = found._tag === "Success" && found.success.languages.includes(program.language)
            // what only bubblewrap could run is refused in its words
            const jail = works || program.language === "python" ? bubblewrap : quickjs
            return Effect.flatMap(Effect.flatMap(jail, Effect.fromResult), ({ run }) => run(program))
          })
      }
    })
  )
