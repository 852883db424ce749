/**
 * How much a model takes and how much it was given, from the words of the provider that refused: there is no field for
 * these in any API.
 */

// what is counted: "8192", "8,192", "210_000"
const count = "(\\d[\\d,_]*)"

const limits = [
  `(?:context (?:length|window|size)|maximum)[^.\\d]{0,40}\\(?${count} ?(?:tokens)?`,
  `> ${count} maximum`,
  `${count} maximum`,
  `tokens allowed \\(${count}\\)`
].map((pattern) => new RegExp(pattern, "i"))

const asks = [
  `(?:resulted in|requested|you have|contains?|has) (?:about |at least )?${count} (?:input )?tokens`,
  `(?:too long:|input token count \\(|request \\(|prompt (?:is|of)) ?${count}`
].map((pattern) => new RegExp(pattern, "i"))

const first = (patterns: ReadonlyArray<RegExp>, text: string): number | undefined => {
  for (const pattern of patterns) {
    const found = Number(pattern.exec(text)?.[1]?.replace(/[,_]/g, ""))
    if (Number.isSafeInteger(found)) return found
  }
  return undefined
}

/** Both sizes in tokens, each where it is said. */
export const contextSizes = (message: string): { readonly limit?: number; readonly asked?: number } => {
  const limit = first(limits, message)
  const asked = first(asks, message)
  return { ...(limit === undefined ? {} : { limit }), ...(asked === undefined ? {} : { asked }) }
}
