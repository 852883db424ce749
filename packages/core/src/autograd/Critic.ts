/**
 * How feedback on the output of a model call (or of a described function) becomes feedback on its inputs: the critic is
 * shown the whole operation and asked about each input that matters.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import type { Part } from "../model/Message.ts"
import { BackwardModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import { together } from "../model/together.ts"
import { CritiquePrompt, criticismOf, whenKey } from "../prompts/Critique.ts"
import * as Fence from "../prompts/Fence.ts"
import * as Prompt from "../prompts/Prompt.ts"
import * as Reply from "../reply/Reply.ts"
import { digest } from "./Digest.ts"

/** An application of an operation, as the critic is told of it. */
export interface Case {
  /** Titled texts in which the inputs stand; `show` fences an input, whole. */
  readonly operation: (show: (input: Variable.Any) => string) => ReadonlyArray<{
    readonly title: string
    readonly text: string
  }>
  readonly inputs: ReadonlyArray<Variable.Any>
  readonly images: ReadonlyArray<Part>
  readonly output: string
  readonly outputRole: string
}

/** `joint`: one structured call for all inputs. `perInput`: one call an input, as in the paper. */
export type Strategy = "joint" | "perInput"

/** How the critic is asked in the program under way. Set it by `layerJoint` or `layerPerInput`. Default: `joint`. */
export const CurrentStrategy: Context.Reference<Strategy> = Context.Reference<Strategy>(
  "@backprose/core/Critic/Strategy",
  { defaultValue: () => "joint" }
)

/**
 * One call for all inputs of an operation (the default): the critic weighs them against each other, and may say that some
 * of them are not to blame. (As in semantic backpropagation, arXiv 2412.03624, where feedback on an input depends on its
 * siblings.)
 */
export const layerJoint: Layer.Layer<never> = Layer.succeed(CurrentStrategy, "joint")

/** One call for each input of an operation. */
export const layerPerInput: Layer.Layer<never> = Layer.succeed(CurrentStrategy, "perInput")

/** Feedback on each input of a case; those not wanted get none and are not asked about. */
export const criticise = Effect.fnUntraced(function* (
  of: Case,
  feedback: ReadonlyArray<Feedback.Feedback>,
  wanted: ReadonlyArray<boolean>
): Effect.fn.Return<ReadonlyArray<ReadonlyArray<Feedback.Feedback>>, TextModelError, BackwardModel> {
  const model = yield* BackwardModel
  const strategy = yield* CurrentStrategy
  const render = yield* CritiquePrompt
  const said = yield* digest(model, "backward", feedback.filter(Feedback.isCriticism), of.outputRole)
  const ids = of.inputs.map((_, i) => `input${i + 1}`)

  const show = (input: Variable.Any) => Fence.wrap(ids[of.inputs.indexOf(input)]!, Variable.shown(input))
  // the program's own words around the inputs may hold anything as well: with them, the whole text is fenced
  const bare = of.operation(() => "")
  const operation = of.operation(show).map(({ title, text }, i) => {
    const onlyInputs = bare[i]?.text === "" && text !== ""
    return { title, text: onlyInputs ? text : Fence.wrap("text", text) }
  })

  const question = (targets: ReadonlyArray<number>): Reply.Question => ({
    purpose: "backward",
    messages: Prompt.messages(
      render({
        operation,
        outputRole: of.outputRole,
        output: of.output,
        isObjective: feedback.some((one) => one._tag === "Objective"),
        feedback: said,
        targets: targets.map((i) => ({ id: ids[i]!, role: of.inputs[i]!.role })),
        structured: strategy === "joint"
      }),
      of.images
    )
  })
  const as = (text: string, when = ""): ReadonlyArray<Feedback.Feedback> => {
    if (text.trim() === "") return []
    const whole = when.trim() === "" ? text.trim() : `When ${when.trim()}: ${text.trim()}`
    return [Feedback.make(whole, { from: of.outputRole, score: Feedback.worstScore(said) })]
  }

  const targets = wanted.flatMap((isWanted, i) => (isWanted ? [i] : []))
  if (strategy === "perInput") {
    // it was told to say nothing where nothing should change
    const ask = (i: number) => Effect.catchTag(Reply.text(model, question([i])), "EmptyReply", () => Effect.succeed(""))
    const texts = yield* together(targets, ask)
    return ids.map((_, i) => (wanted[i] ? as(texts[targets.indexOf(i)]!) : []))
  }
  const criticism = yield* Reply.object(model, question(targets), answerOf(targets.map((i) => ids[i]!)), "criticism")
  return ids.map((id, i) => (wanted[i] ? as(criticism[criticismOf(id)] ?? "", criticism[whenKey]) : []))
})

const answers = new Map<string, Schema.Codec<{ readonly [id: string]: string }, unknown>>()

/** In which cases it happens, then one text an input; kept, so that the shape sent to the provider is made once. */
const answerOf = (ids: ReadonlyArray<string>): Schema.Codec<{ readonly [id: string]: string }, unknown> => {
  const key = ids.join()
  const known = answers.get(key)
  if (known !== undefined) return known
  const schema = Schema.Struct(
    Object.fromEntries([whenKey, ...ids.map(criticismOf)].map((name) => [name, Schema.String]))
  )
  answers.set(key, schema)
  return schema
}
