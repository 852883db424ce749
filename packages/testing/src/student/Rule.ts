/**
 * What a student can learn: one sentence a rule, of a form that it finds again in any text.
 */

export interface Rule {
  /** A word or two that the message contains. */
  readonly topic: string
  /** The right answer to a message with that topic. */
  readonly answer: string
}

/** The rule in words. */
export const sentence = ({ answer, topic }: Rule): string => `Messages about [${topic}] are answered with [${answer}].`

const form = /Messages about \[([^\]]+)\] are answered with \[([^\]]+)\]\./g

/** The rules that a text states, each once, in the order of the text. */
export const find = (text: string): ReadonlyArray<Rule> => {
  const rules = new Map<string, Rule>()
  for (const [words, topic, answer] of text.matchAll(form)) {
    if (!rules.has(words)) rules.set(words, { topic: topic!, answer: answer! })
  }
  return [...rules.values()]
}

/** A text without the rules in it. */
export const strip = (text: string): string => text.replaceAll(form, "")

/** Whether a text mentions the topic of a rule: as whole words, in any case. */
export const concerns = (text: string, { topic }: Rule): boolean =>
  new RegExp(`(?<!\\w)${topic.replaceAll(/[^\w\s]/g, "\\$&")}(?!\\w)`, "i").test(strip(text))
