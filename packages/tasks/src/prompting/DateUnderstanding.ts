/** Date understanding: the date that follows from what is told, one of lettered options. */
import { Letter, wrongOption } from "./options.ts"
import type { Subject } from "./Subject.ts"

/** A date among six, as in BIG-Bench Hard. */
export const DateUnderstanding: Subject<typeof Letter.Type> = {
  name: "date-understanding",
  instructions: "Work out the date and choose the right option.",
  role: "instructions of the model that works out dates",
  answer: Letter,
  textgrad: "judge",
  fault: wrongOption
}
