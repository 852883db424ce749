/**
 * Words about how a text was made that have no place in the text: it will be read by a model that saw nothing of it.
 */
const phrases: ReadonlyArray<RegExp> = [
  /\b(?:textual )?gradients?\b/i,
  /\bfeedback (?:above|below|(?:given|provided|listed|shown) (?:above|below))\b/i,
  /\bthe critic\b/i,
  /\b(?:earlier|previous) versions?\b/i,
  /\bas an AI(?: language)?(?: model| assistant)?\b/i,
  /\bworked (?:example|case)s?\b/i,
  /^\s*(?:sure[,!.] )?(?:here is|here's|below is) (?:the|your|an?) (?:[\w-]+ ){0,3}(?:prompt|text|instructions?|version)\b/i,
  /<\/?(?:value|earlier|tried|feedback|example|input\d*|output)-[a-z0-9]{6,}>/
]

/** The first such phrase in a text that stands in none of `known`: the old value, the texts of the task itself. */
export const jargon = (text: string, known: () => ReadonlyArray<string>): string | undefined => {
  for (const phrase of phrases) {
    const found = phrase.exec(text)?.[0].trim()
    if (found !== undefined && !known().some((other) => phrase.test(other))) return found
  }
  return undefined
}
