/** What a plan will ask and cost, before anything is asked. */
import { Estimate, ModelIdentity } from "@backprose/core"
import { Jail } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import * as Allowance from "../models/Allowance.ts"
import type { ModelName } from "../models/ModelName.ts"
import * as optimizers from "../strategy/optimizers.ts"
import * as selectors from "../strategy/selectors.ts"
import type { Plan } from "./Plan.ts"
import * as session from "./session.ts"

/** The test is made before the run, and after it where something was changed. */
export const of = ({ choice, loaded: { task }, settings }: Plan) => {
  const identity = ({ provider, model }: ModelName) =>
    ModelIdentity.named({ provider, model, url: provider === "local" ? undefined : choice.baseUrl })
  return Estimate.of(task, {
    steps: settings.steps,
    batchSize: settings.batchSize,
    ...session.search(settings),
    tests: task.test.length,
    models: {
      forward: identity(choice.forward),
      backward: identity(choice.backward),
      optimizer: identity(choice.optimizer)
    }
  }).pipe(
    Effect.provide([
      optimizers.described(settings.optimizer),
      selectors.layer(settings.selector, settings),
      Allowance.prices(settings),
      Jail.layer()
    ])
  )
}
