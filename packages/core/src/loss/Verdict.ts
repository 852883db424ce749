/**
 * A judgement with a number: how good it was, 0 to 1, and in words what would make it better.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Score = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

// feedback first: a model that has said what is wrong scores better than one that has not
export const Verdict = Schema.Struct({ feedback: Schema.String, score: Score })
export type Verdict = typeof Verdict.Type

/** A metric gave something that is no score from 0 to 1. */
export class ScoreInvalid extends Schema.TaggedError<ScoreInvalid>()("ScoreInvalid", { message: Schema.String }) {}

/** What a metric or verifier may give: right or wrong, a number, or a number with feedback. */
export type Scored = boolean | number | { readonly score: number; readonly feedback?: string | undefined }

/** What metrics give, as a verdict; a score outside 0 to 1 is an error. */
export const from = (scored: Scored): Effect.Effect<Verdict, ScoreInvalid> => {
  const { score, feedback } =
    typeof scored === "object" ? scored : { score: typeof scored === "boolean" ? Number(scored) : scored, feedback: "" }
  return score >= 0 && score <= 1
    ? Effect.succeed({ score, feedback: feedback ?? "" })
    : Effect.fail(new ScoreInvalid({ message: `a score is a number from 0 to 1, but this one is ${score}` }))
}

/** What a verdict says, in words: its feedback, or its bare score where it gives none. */
export const words = ({ feedback, score }: Verdict): string =>
  feedback.trim() === "" ? `This got a score of ${score} of 1.` : feedback

/** The mean score and all distinct feedback of several verdicts on one thing. */
export const average = (verdicts: ReadonlyArray<Verdict>): Verdict => ({
  score: verdicts.reduce((sum, { score }) => sum + score, 0) / verdicts.length,
  feedback: [...new Set(verdicts.map(({ feedback }) => feedback).filter((text) => text !== ""))].join("\n\n")
})
