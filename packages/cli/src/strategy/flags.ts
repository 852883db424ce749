/** How a run searches, as flags. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { maybe, whole } from "../commands/flags.ts"
import * as effort from "./effort.ts"
import * as objectives from "./objectives.ts"
import * as optimizers from "./optimizers.ts"
import * as selectors from "./selectors.ts"

/** Of the gate on the minibatch, `off` among them. */
export const gates = ["off", "not-worse", "strict-gain"] as const

/** Which parameters a step may change. */
export const choices = ["all", "round-robin", "most-blamed"] as const

/** What becomes of a new prompt that repeats a training example. */
export const copies = ["off", "warn", "drop"] as const

export const flags = {
  optimizer: Flag.Literals("optimizer", optimizers.names).pipe(
    Flag.withDescription("how new prompts are proposed (default tgd)"),
    Flag.withDefault("tgd" as const)
  ),
  selector: Flag.Literals("selector", selectors.names).pipe(
    Flag.withDescription("what is kept (default: what suits the optimizer, or latest without a validation set)"),
    maybe
  ),
  accept: Flag.Literals("accept", selectors.accepts).pipe(
    Flag.withDescription("when the selector takes a new prompt: equal scores too, gains only, or gains beyond chance"),
    maybe
  ),
  auto: Flag.Literals("auto", effort.names).pipe(
    Flag.withDescription("steps, batch, proposals and parents by one word, within --max-calls; each can still be set"),
    maybe
  ),
  steps: whole("steps", 0, "updates at most"),
  batch: whole("batch", 1, "training examples a step"),
  parents: whole("parents", 1, "prompts extended a step, where several are kept (default 1; protegi: 2)"),
  proposals: whole("proposals", 1, "new prompts for each of them (default 1; protegi: 4)"),
  screen: whole(
    "screen",
    0,
    "of a step's new prompts so many are validated, the best on more training examples (default 0: all; protegi: 2)"
  ),
  race: whole("race", 1, "validate in so many rounds, and give up what can no longer be kept (default 1: to the end)"),
  parameters: Flag.Literals("parameters", choices).pipe(
    Flag.withDescription(
      "which prompts of a task a step may change: all (default), the next one, or the most criticised"
    ),
    maybe
  ),
  errorsOnly: Flag.Boolean("errors-only").pipe(
    Flag.withDescription("only examples below a perfect score are criticised (default: all)"),
    Flag.withDefault(false)
  ),
  copies: Flag.Literals("copies", copies).pipe(
    Flag.withDescription("what becomes of a new prompt that repeats a training example or its answer (default warn)"),
    maybe
  ),
  minibatchGate: Flag.Literals("minibatch-gate", gates).pipe(
    Flag.withDescription("what a new prompt must do on its minibatch before it is validated (default off)"),
    maybe
  ),
  samples: whole(
    "samples",
    1,
    "times each example of validation and test is tried, its score being the mean (default 1)"
  ),
  temperature: Flag.Finite("temperature").pipe(
    Flag.filter(
      (value) => value >= 0 && value <= 2,
      (value) => `${value} is no temperature: it is from 0 to 2`
    ),
    Flag.withMetavar("T"),
    Flag.withDescription("of those tries (default: the model's own)"),
    maybe
  ),
  objective: Flag.String("objective").pipe(
    Flag.filterMap(
      (text) => Option.fromUndefinedOr(objectives.parse(text)),
      (text) => `"${text}" is no objective: write ${objectives.written}`
    ),
    Flag.withMetavar("NAME=WEIGHT,…"),
    Flag.withDescription("what counts beside the score: score=0.8,tokens=0.2 (default: the score alone)"),
    maybe
  )
}
