/**
 * One method on one example: its readings, each with its grade. A failure is kept apart from a wrong answer. Plain data, a
 * line of a results file.
 */
import { Example, Place, type Verdict } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Method, Reading, Study } from "./Study.ts"

/** A reading with its grade. */
export const Graded = Schema.Struct({
  name: Schema.String,
  answer: Schema.String,
  /** Model calls from the start of the trajectory. */
  calls: Schema.Int,
  /** 0 to 1. */
  score: Schema.Finite,
  feedback: Schema.String,
  note: Schema.optionalKey(Schema.String)
})
export type Graded = typeof Graded.Type

/** All readings of a method on an example. */
export const Answered = Schema.TaggedStruct("Answered", {
  method: Schema.String,
  /** The place of the example in the study. */
  index: Schema.Int,
  readings: Schema.Array(Graded)
})

/** The method failed on the example, or grading did: by name and in words. It has no score, and least of all 0. */
export const Failed = Schema.TaggedStruct("Failed", {
  method: Schema.String,
  index: Schema.Int,
  error: Schema.String,
  message: Schema.String
})

/** What became of one method on one example. */
export const Attempt = Schema.Union([Answered, Failed])
export type Attempt = typeof Attempt.Type

/** An attempt with the failure behind it, where there is one. */
export interface Outcome<E> {
  readonly attempt: Attempt
  readonly error: E | undefined
}

const nameOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Error"

/** Trajectories often come back to the same answer, and running a program is not free: each answer is graded once. */
const graded = Effect.fnUntraced(function* <Example, E, R>(
  { grade }: Study<Example, E, R>,
  readings: ReadonlyArray<Reading>,
  example: Example
) {
  const verdicts = new Map<string, Verdict.Verdict>()
  for (const { answer } of readings) {
    if (!verdicts.has(answer)) verdicts.set(answer, yield* grade(answer, example))
  }
  return readings.map((reading): Graded => ({ ...reading, ...verdicts.get(reading.answer)! }))
})

/**
 * Answers and grades, in a place of its own, so that a journal can tell whose replies are whose. Fails only where every
 * other attempt would too: no key, no budget, a provider that is dead.
 */
export const make = <Example, E, R>(
  study: Study<Example, E, R>,
  method: Method<Example, E, R>,
  index: number
): Effect.Effect<Outcome<E>, E, R> => {
  const example = study.examples[index]!
  const whose = { method: method.name, index }
  return method.run(example).pipe(
    Effect.flatMap((readings) => graded(study, readings, example)),
    Effect.map((readings): Outcome<E> => ({ attempt: { _tag: "Answered", ...whose, readings }, error: undefined })),
    Place.within(`example ${index}`),
    Place.within(method.name),
    Effect.catch((error) => {
      if (Example.fatal(error)) return Effect.fail(error)
      const attempt: Attempt = { _tag: "Failed", ...whose, error: nameOf(error), message: Example.messageOf(error) }
      return Effect.succeed<Outcome<E>>({ attempt, error })
    })
  )
}
