/** A task whose output is its parameter: a text that is judged as it is, on nothing, on one example or on many. */
import * as Effect from "effect/Effect"
import { criticise } from "../autograd/Critic.ts"
import { BackwardError } from "../graph/BackwardError.ts"
import * as Feedback from "../graph/Feedback.ts"
import type { Image } from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import { judged } from "../loss/judged.ts"
import * as Verdict from "../loss/Verdict.ts"
import type { BackwardModel } from "../model/TextModel.ts"
import type { Parameter } from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import type { Task } from "../task/Task.ts"

/** What a trial of a text came to: right or wrong, a score from 0 to 1, or a score with words and pictures of it. */
export type Tried =
  | Verdict.Scored
  | {
      readonly score: number
      readonly feedback?: string | undefined
      /** What the text looks like, or did: the critic is shown them, and says in words what is to be seen. */
      readonly images?: ReadonlyArray<Image> | undefined
    }

/** Tries a text, on an example where there are any. */
export type Evaluate<Ex, E, R> = (artefact: string, example: Ex) => Tried | Effect.Effect<Tried, E, R>

export interface Options<Ex, E, R> {
  readonly artefact: Parameter<string>
  readonly objective: string
  readonly evaluate: Evaluate<Ex, E, R>
  /** None: the text is tried alone. */
  readonly examples: ReadonlyArray<Ex>
  /** None: the examples themselves, on which it has to do well. */
  readonly validation: ReadonlyArray<Ex>
  readonly describe: ((example: Ex) => string) | undefined
  readonly repeatable: boolean
}

/** One of the things that the text is tried on. */
interface Trial<Ex> {
  readonly key: string
  readonly example: Ex
}

interface Found {
  readonly verdict: Verdict.Verdict
  readonly images: ReadonlyArray<Image>
}

/** A version that makes its trial throw is broken, and whoever writes the next has to know how. */
const trial = <A>(tried: () => A): A | Verdict.Scored => {
  try {
    return tried()
  } catch (problem) {
    return { score: 0, feedback: `It failed when it was tried: ${problem}` }
  }
}

/** The artefact as the one parameter of a task. What was found once is not tried again, unless trials differ. */
export const artefactTask = <Ex, E, R>({
  artefact,
  describe,
  evaluate,
  examples,
  objective,
  repeatable,
  validation
}: Options<Ex, E, R>): Task<
  { readonly artefact: Variable.Variable<string> },
  Trial<Ex>,
  string,
  E,
  R,
  BackwardModel
> => {
  const trials = (name: string, all: ReadonlyArray<Ex>) => all.map((example, i) => ({ key: `${name} ${i}`, example }))
  const alone: ReadonlyArray<Ex> = examples.length === 0 ? [undefined as Ex] : examples
  const train = trials("example", alone)
  const known = new Map<string, Found>()

  const find = (text: string, { example, key }: Trial<Ex>): Effect.Effect<Found, E | Verdict.ScoreInvalid, R> =>
    Effect.suspend(() => {
      const place = `${key} ${text}`
      const before = known.get(place)
      if (before !== undefined && repeatable) return Effect.succeed(before)
      return Effect.sync(() => trial(() => evaluate(text, example))).pipe(
        Effect.flatMap((tried): Effect.Effect<Tried, E, R> => (Effect.isEffect(tried) ? tried : Effect.succeed(tried))),
        Effect.flatMap((tried) =>
          Effect.map(Verdict.from(tried), ({ feedback, score }): Found => {
            const images = (typeof tried === "object" && "images" in tried ? tried.images : undefined) ?? []
            const said = Verdict.words({ feedback, score })
            const where = examples.length === 0 ? undefined : describe?.(example)
            return {
              verdict: { score, feedback: where === undefined ? said : `On this example: ${where}\n${said}` },
              images
            }
          })
        ),
        Effect.tap((found) => Effect.sync(() => known.set(place, found)))
      )
    })

  return {
    name: "artefact",
    parameters: Parameters.make({ artefact }),
    forward: ({ artefact }) => Effect.succeed(artefact),
    metric: (text, trial) => Effect.map(find(text, trial), ({ verdict }) => verdict),
    loss: (output, trial) => Effect.map(find(output.value, trial), (found) => judgement(output, found, objective)),
    train,
    validation: validation.length === 0 ? train : trials("validation", validation),
    test: []
  }
}

const role = "what was found when it was tried"

/** Words go to the artefact as they are; where there are pictures, the critic puts into words what they show. */
const judgement = (
  artefact: Variable.Variable<string, BackwardModel>,
  { images, verdict }: Found,
  objective: string
): Variable.Variable<Verdict.Verdict, BackwardModel> => {
  const { feedback, score } = verdict
  const said = score >= 1 ? "" : feedback
  if (images.length === 0 || said === "") {
    return judged({ name: "Trial", role, value: verdict, inputs: [artefact], said, score })
  }
  return Variable.applied({
    value: verdict,
    role,
    name: "Trial",
    inputs: [artefact],
    pullback: (_, wanted) =>
      criticise(
        {
          operation: (show) => [
            { title: "What it should be good at", text: objective },
            { title: "What was tried, with the images below as its result", text: show(artefact) }
          ],
          inputs: [artefact],
          images: images.map(({ part }) => part),
          output: feedback,
          outputRole: role
        },
        [Feedback.make(feedback, { from: role, score })],
        wanted
      ).pipe(Effect.mapError((reason) => new BackwardError({ operation: "Trial", reason })))
  })
}
