/**
 * One field of a structured value. Feedback on the field goes on to the whole, saying which field it is about.
 */
import * as Effect from "effect/Effect"
import type { Feedback } from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"

/** The field `key` of a record or list. `role`: what the field is for; by default that it is this field of the whole. */
export const field = <A extends object, const K extends keyof A & (string | number), R>(
  variable: Variable.Variable<A, R>,
  key: K,
  role = `${key} of the ${variable.role}`
): Variable.Variable<A[K], R> =>
  Variable.applied<A[K], R>({
    value: variable.value[key],
    role,
    name: "Select",
    inputs: [variable],
    pullback: (feedback) => Effect.succeed([feedback.map(about(String(key)))])
  })

const about =
  (key: string) =>
  (feedback: Feedback): Feedback =>
    feedback._tag === "Objective" ? feedback : { ...feedback, text: `About its field "${key}": ${feedback.text}` }
