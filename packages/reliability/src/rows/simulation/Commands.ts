/** P2: any commands on journal, budget, cache and Pareto archive, against models too simple to be wrong. */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import * as Budget from "./budgetCommands.ts"
import * as Cache from "./cacheCommands.ts"
import * as Journal from "./journalCommands.ts"
import * as Pareto from "./paretoCommands.ts"

const runs = 200
const most = 50

const scripts = <A>(command: Schema.Codec<A, unknown>) =>
  Arbitrary.array(Arbitrary.schema(command), { minLength: 1, maxLength: most })

const budgets = Arbitrary.map(
  Arbitrary.all({ limits: Arbitrary.schema(Budget.Limits), commands: scripts(Budget.Command) }),
  ({ commands, limits }) => ({ ...limits, commands })
)

/** The smallest script that is played otherwise than its model has it, or nothing. */
const counterexample = <A>(
  script: Arbitrary.Arbitrary<A>,
  holds: (script: A) => Effect.Effect<boolean, unknown>
): Effect.Effect<string | undefined> =>
  Effect.map(Arbitrary.checkEffect(script, holds, { runs, size: most, seed: 0 }), Arbitrary.formatCheckFailure)

export const commands: Row = {
  id: "P2",
  title: `any list of up to ${most} commands on journal, budget, cache and Pareto archive does what a simple model does`,
  wanted: `0 counterexamples in ${runs} lists for each of 4`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const found = {
      journal: yield* counterexample(scripts(Journal.Command), Journal.holds),
      budget: yield* counterexample(budgets, Budget.holds),
      cache: yield* counterexample(scripts(Cache.Command), Cache.holds),
      "Pareto archive": yield* counterexample(scripts(Pareto.Command), Pareto.holds)
    }
    const broken = Object.entries(found).flatMap(([what, example]) =>
      example === undefined ? [] : [`${what}: ${example}`]
    )
    return {
      figure: `${broken.length} counterexamples in ${runs} lists for each of ${Object.keys(found).length}`,
      held: broken.length === 0,
      details: broken
    }
    // the cache warns of its disk, once a kind: thousands of times here
  }).pipe(Effect.provide(Logger.layer([])))
}
