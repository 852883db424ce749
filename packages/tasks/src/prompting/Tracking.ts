/** Tracking shuffled objects: who has what after some swaps, one of lettered options. */
import { Letter, wrongOption } from "./options.ts"
import type { Subject } from "./Subject.ts"

/** Five people, five things, as in BIG-Bench Hard; three or seven do as well. */
export const Tracking: Subject<typeof Letter.Type> = {
  name: "tracking",
  instructions: "Follow the swaps and choose the right option.",
  role: "instructions of the model that follows swaps",
  answer: Letter,
  textgrad: "judge",
  fault: wrongOption
}
