/** A question whose answer is a short text that can be compared. */
import * as Schema from "effect/Schema"

/** `answer` is what the data set says, as text: "24", "True", "(B)", "apple pear". Which scorer reads it depends on the set. */
export const Worded = Schema.Struct({ id: Schema.String, question: Schema.String, answer: Schema.String })

export interface Worded extends Schema.Schema.Type<typeof Worded> {}
