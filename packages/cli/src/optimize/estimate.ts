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
    tests: task.test.length * (settings.samples ?? 1),
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

/** The plan with no more steps than its limit on calls surely pays for, the test after the run included; one at least. */
export const affordable = Effect.fnUntraced(function* (plan: Plan) {
  const { maxCalls, steps } = plan.settings
  if (maxCalls === undefined) return plan
  const { calls, step } = yield* of(plan)
  const besides = calls.high - steps * step.calls.high
  // a step that asks nothing is paid for as often as one likes
  const paid = Math.floor((maxCalls - besides) / Math.max(1, step.calls.high))
  return { ...plan, settings: { ...plan.settings, steps: Math.max(1, Math.min(steps, paid)) } }
})
